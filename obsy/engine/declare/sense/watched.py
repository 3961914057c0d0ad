"""An `alert` that no night could judge: nothing measures its frames, or there is nothing to compare with."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of each plan whose pipeline makes no star tables, or of whose target no comparison stars are declared."""
    watching = [entry for entry in declared.of(Plan) if entry.document.alert is not None]
    if not watching:
        return
    from obsy.engine.declare.compared import is_of  # noqa: PLC0415
    from obsy.schemas.comparison import ComparisonTable  # noqa: PLC0415 (most observatories declare none of this kind)

    pipelines = {entry.document.name: entry.document for entry in declared.of(Pipeline)}
    tables = [entry.document for entry in declared.of(ComparisonTable)]
    for entry in watching:
        pipeline = pipelines.get(entry.document.pipeline)
        if pipeline is not None and all(step.step != "photometry" for step in pipeline.steps):
            found = f"the pipeline '{pipeline.name}' measures no stars, so that nothing tells how bright one is"
            words = (found, "a pipeline with the step 'photometry'", "write 'pipeline: photometry', or remove 'alert'")
            yield entry.complain("no-effect", words, "alert")
        elif not any(is_of(each, entry.document) for each in tables):
            found = "no comparison stars of its target are declared, by which its magnitude is told"
            mend = "import a chart of its stars ('obsy photometry' says from where), or remove 'alert'"
            yield entry.complain("no-effect", (found, "a 'kind: comparison' of its target", mend), "alert")
