"""Texts in frames of one's own, and a model of one's own labels."""

import os
import subprocess
import sys
from datetime import date

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, LotwiseError
from lotwise.mine.opinions.frames import TextModel, read_texts

ROWS = {"said": ["The sleeves are too short", "很软很舒服", None], "stars": [2, 5, 4], "when": [date(2025, 1, 7)] * 3}


@pytest.mark.parametrize("frame", [dict, pa.table, pd.DataFrame, pl.DataFrame])
def test_every_frame_reads_the_same(frame):
    """A dict, Arrow, pandas and Polars give the same tables."""
    found = read_texts(frame(ROWS), text="said", stars="stars", time="when")
    assert found.readings["language"].to_pylist() == ["en", "zh", "other"]
    assert found.readings["week"].to_pylist() == [date(2025, 1, 6)] * 3
    assert found.readings["basis"].to_pylist() == ["words", "words", "stars"]
    assert found.requests["change"].to_pylist() == ["sleeves: longer"]


def test_labels_come_as_a_frame():
    """Labels given as a frame teach intents."""
    labels = {"text": [f"engrave {name} please" for name in "ABCDEFG"], "intent": ["engraving"] * 7}
    found = read_texts({"text": ["please engrave it"], "kind": ["chat"]}, kind="kind", labels=labels)
    assert found.readings["intent"].to_pylist() == ["engraving"]


def test_every_fault_is_listed():
    """Missing columns, unknown kinds and options out of range are told together."""
    with pytest.raises(ContractError) as told:
        read_texts({"txt": ["a"], "kind": ["mail"]}, kind="kind", topics=-1, certainty=2, most=0)
    for part in ("column 'text' is missing; did you mean 'txt'?", "'mail'", "topics = -1", "certainty = 2", "most = 0"):
        assert part in str(told.value)


def test_no_rows_give_empty_tables():
    """A frame without rows is read as nothing."""
    found = read_texts({"text": pa.array([], pa.string())})
    assert found.readings.num_rows == found.topics.num_rows == 0


def test_bytes_that_are_no_text_are_refused():
    """A column of bytes that are not UTF-8 is named."""
    with pytest.raises(ContractError, match="expected text"):
        read_texts({"text": pa.array([b"\xff\xfe\x00"], pa.binary())})


def test_a_model_of_ones_own_is_learned_and_kept(tmp_path):
    """A model tells labels of one's own, is scored on held-out texts, and is the same after it was kept."""
    texts = [f"{word} {number}" for number in range(20) for word in ("warm coat", "late parcel", "wrong bill")]
    model = TextModel().fit(texts, ["coat", "parcel", "bill"] * 20)
    assert model.classes == ("bill", "coat", "parcel")
    assert model.accuracy == 1
    told = model.predict(["my parcel", None])
    assert told["label"][0].as_py() == "parcel"
    model.save(tmp_path / "model.npz")
    assert TextModel.load(tmp_path / "model.npz").predict(texts).equals(model.predict(texts))


def test_a_model_that_cannot_be_is_refused():
    """Options out of range are named, and a model that has learned nothing says so."""
    with pytest.raises(ContractError, match=r"folds = 1(.|\n)*penalty = 0"):
        TextModel(folds=1, penalty=0)
    with pytest.raises(LotwiseError, match="learned nothing"):
        TextModel().predict(["a"])


def test_nothing_hangs_on_the_order_of_sets():
    """Processes that hash strings differently, and have one thread or two, read the same."""
    code = (
        "import hashlib; from lotwise.mine.opinions.frames import read_texts;"
        "w=['color','delivery','fabric','price']; p=['soft','fast','dull','zibb'];"
        "t=read_texts({'text':[f'the {w[i%4]} is {p[i*7%4]}, {w[i*3%4]} too. no {i}x' for i in range(400)],"
        "'stars':[1+4*(i*7%4<2) for i in range(400)]},stars='stars');"
        "x=[x.to_pylist() for x in (t.readings,t.opinions,t.requests,t.topics,t.scores)];"
        "print(hashlib.sha256(repr(x).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": number, "OMP_NUM_THREADS": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    }
    assert len(told) == 1
