from obsy.engine.clouds.fingerprint import fingerprint
from tests.support.skies import sky


def test_a_fingerprint_is_of_every_block_and_silent_where_nothing_varies():
    rgb = sky()
    rgb[:16, :16] = 7
    blocks = fingerprint(rgb)
    assert len(blocks) == 12 * 16
    assert blocks[0] == ""
    assert all(blocks[1:])
    rgb[100, 100] ^= 1
    changed = [place for place, (a, b) in enumerate(zip(blocks, fingerprint(rgb), strict=True)) if a != b]
    assert changed == [100 // 16 * 16 + 100 // 16]
