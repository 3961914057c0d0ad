"""Every kind of document, written out: a new kind is one new file and one line here."""

from obsy.schemas.calibration import Calibration
from obsy.schemas.catalogue import Catalogue
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.exposures import Exposures
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.horizon import Horizon
from obsy.schemas.model import Document
from obsy.schemas.mount import Mount
from obsy.schemas.night import NightTable
from obsy.schemas.output import Output
from obsy.schemas.override import Override
from obsy.schemas.pack import Pack
from obsy.schemas.people import Person, Share
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.policy import Policy
from obsy.schemas.power import Power
from obsy.schemas.recipient import Recipient
from obsy.schemas.rule import Rule
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather

KINDS: dict[str, type[Document]] = {
    "site": Site,
    "horizon": Horizon,
    "enclosure": Enclosure,
    "mount": Mount,
    "train": Train,
    "weather": Weather,
    "policy": Policy,
    "override": Override,
    "calibration": Calibration,
    "catalogue": Catalogue,
    "pipeline": Pipeline,
    "night": NightTable,
    "scenario": Scenario,
    "recipient": Recipient,
    "heartbeat": Heartbeat,
    "output": Output,
    "plan": Plan,
    "exposures": Exposures,
    "person": Person,
    "share": Share,
    "rule": Rule,
    "pack": Pack,
    "power": Power,
}
