"""Models as ONNX files and runs as TensorBoard's event files, read back by the programs that they are for."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from gendesk.data.progress import Cancelled
from gendesk.engine.engine import Engine
from gendesk.engine.exchange import ExportKind, ExportOptions, export_run
from gendesk.engine.runs import Run
from gendesk.errors import InputError
from tests.support.training import engine_in, small_pictures


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two trained runs: a small VAE, which encodes and decodes, and the tiny model, which only decodes."""
    folder = tmp_path_factory.mktemp("exchange")
    with engine_in(folder / "data") as engine:
        data = str(small_pictures(folder))
        layers = [{"filters": 4, "kernel": 3, "stride": 2}]
        last = [{"filters": 1, "kernel": 3, "stride": 2}]
        vae = engine.config("vae", data=data, steps=6, preview_every=3, device="cpu", encoder=layers, decoder=last)
        for config in (vae, engine.config("tiny", data=data, steps=6, preview_every=3)):
            job = engine.start(config, at_once=True)
            assert job.join(30) and job.exit_code == 0, job.error
        yield engine


@pytest.fixture
def vae(engine: Engine) -> Run:
    return engine.runs.find("0001")


@pytest.fixture
def tiny(engine: Engine) -> Run:
    return engine.runs.find("0002")


def test_encoder_and_decoder_give_the_models_results_for_any_batch(
    engine: Engine, vae: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    result = export_run(vae, ExportKind.ONNX, tmp_path / "vae.onnx", engine.families, ExportOptions(best=True))
    assert [path.name for path in result.files] == ["vae-encoder.onnx", "vae-decoder.onnx"]
    assert sorted(tmp_path.glob("*")) == sorted(result.files)
    assert result.notes == ()
    assert all(part["largest_difference"] < 1e-4 for part in result.facts["parts"])
    assert capfd.readouterr() == ("", "")
    assert [record.message for record in caplog.records if record.levelno >= logging.INFO] == []

    model = engine.load_model(vae.id)
    model.load_state_dict(vae.load(only="model")[1])
    encoder, decoder = (onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]) for path in result.files)
    (given,) = encoder.get_inputs()
    assert given.name == "images" and given.shape[1:] == [1, 12, 12] and not isinstance(given.shape[0], int)
    images = torch.rand(11, 1, 12, 12)
    (codes,) = encoder.run(["latent"], {"images": images.numpy()})
    assert codes.shape == (11, model.latent_size)
    (pictures,) = decoder.run(["images"], {"latent": codes})
    assert pictures.shape == (11, 1, 12, 12) and pictures.min() >= 0 and pictures.max() <= 1


def test_a_training_beside_the_export_is_not_disturbed(engine: Engine, tiny: Run, vae: Run, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    config = vae.record.config
    job = engine.start(
        config.model_copy(update={"settings": config.settings.with_values({"steps": 100_000})}), at_once=True
    )
    try:
        result = export_run(tiny, ExportKind.ONNX, tmp_path / "model.onnx", engine.families)
        assert not job.state.over, job.error
    finally:
        job.stop()
        assert job.join(30)
    assert job.exit_code == 0, job.error
    assert result.files == (tmp_path / "model.onnx",), "one capability is one file of the name that was given"
    assert [part["part"] for part in result.facts["parts"]] == ["decoder"]


def test_a_cancelled_export_ends_its_process(engine: Engine, tiny: Run, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    told: list[float] = []
    before = psutil.Process().children()
    with pytest.raises(Cancelled):
        export_run(
            tiny,
            ExportKind.ONNX,
            tmp_path / "model.onnx",
            engine.families,
            report=lambda part, _: told.append(part),
            cancelled=lambda: bool(told),
        )
    assert psutil.Process().children() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "package", "said"),
    [
        (ExportKind.ONNX, "onnx", r"needs onnx; install with: pip install"),
        (ExportKind.ONNX, "onnxscript", r"needs onnxscript; install with: pip install"),
        (ExportKind.TENSORBOARD, "tensorboard", r"needs tensorboard; install with: pip install"),
    ],
)
def test_a_missing_package_is_one_sentence(
    engine: Engine,
    tiny: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: ExportKind,
    package: str,
    said: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=said):
        export_run(tiny, kind, tmp_path / "out", engine.families)
    assert not (tmp_path / "out").exists()


def test_without_onnxruntime_the_file_is_written_and_the_missing_check_said(
    engine: Engine, tiny: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript")
    (tmp_path / "onnxruntime.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = export_run(tiny, ExportKind.ONNX, tmp_path / "model.onnx", engine.families)
    assert result.notes == ("Not checked against the model, because onnxruntime is not installed.",)
    assert result.files[0].stat().st_size > 0


def test_tensorboard_reads_curves_pictures_and_settings(engine: Engine, vae: Run, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    result = export_run(vae, ExportKind.TENSORBOARD, tmp_path / "logs", engine.families)
    assert result.files == (tmp_path / "logs",) and [path.name for path in tmp_path.iterdir()] == ["logs"]
    events = accumulator.EventAccumulator(str(tmp_path / "logs"), size_guidance={"scalars": 0, "images": 0})
    events.Reload()
    history = vae.history()
    assert set(events.Tags()["scalars"]) == set(history)
    for name, (steps, values) in history.items():
        read = events.Scalars(name)
        assert [event.step for event in read] == steps.tolist()
        assert np.allclose([event.value for event in read], values, rtol=1e-6)
        assert all(vae.record.created <= event.wall_time <= vae.record.updated for event in read)
    assert [event.step for event in events.Images("Samples")] == [0, 3, 6]
    assert events.Images("Samples")[0].encoded_image_string.startswith(b"\x89PNG")
    (settings,) = events.Tensors("run/settings/text_summary")
    assert b'"recipe": "vae"' in settings.tensor_proto.string_val[0]


def test_events_are_not_mixed_with_what_is_there(engine: Engine, tiny: Run, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    (tmp_path / "empty").mkdir()
    export_run(tiny, ExportKind.TENSORBOARD, tmp_path / "empty", engine.families)
    with pytest.raises(InputError, match="is there already; give the name of a new folder"):
        export_run(tiny, ExportKind.TENSORBOARD, tmp_path / "empty", engine.families)
