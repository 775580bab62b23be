"""A film of a trained driver, and a strip of what it sees beside what V draws and M dreams, for docs/samples.

python tests/gallery/world_model_film.py FOLDER --data-dir HERE --run 0001-world-model-quick [--seed 1] [--begin 4]
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

_SCALE, _STRIP_SCALE = 4, 2
_COLUMNS, _EVERY = 10, 2  # frames of the strip, and the decisions from one to the next
_GAP, _GROUND = 4, 255


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--run", required=True, help="the id of a run with a driver")
    parser.add_argument("--seed", type=int, default=1, help="of the track")
    parser.add_argument("--begin", type=float, default=4.0, help="seconds of the race before the film")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--dream-from", type=float, default=6.0, help="seconds of the race before the dream")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    from gendesk.plugins.worldmodel.studios.drive.fetching import copied

    from gendesk.engine.engine import Engine
    from gendesk.engine.threads import become_helper_thread

    become_helper_thread()
    engine = Engine(Path(options.data_dir))
    # A copy, as in the studio: read from a file, numbers may lie in memory so that they are rounded otherwise.
    model = copied(engine.load_model(options.run))
    engine.close()
    make_film(model, options)
    make_strip(model, options)


def make_film(model, options) -> None:
    from gendesk.plugins.worldmodel.driving import FRAMES_PER_SECOND, Drive, Start
    from gendesk.plugins.worldmodel.studios.drive.film import Film

    from gendesk.gif import write_gif
    from gendesk.widgets.pictures.picture import enlarged

    drive, film = Drive(Start(model, options.seed)), Film()
    begin, end = (round(seconds * FRAMES_PER_SECOND) for seconds in (options.begin, options.begin + options.seconds))
    while not drive.moment.over:
        moment = drive.frame()
        if moment.frame == begin:
            film.begin()
        if moment.frame <= end and film.wants(moment.frame):
            film.add(moment.frame, moment.lasted, [moment.observation])
    path = options.folder / "world-model-drive.gif"
    write_gif(path, (enlarged(frame, _SCALE) for frame in film.frames()), round(1000 / film.per_second))
    print(path, f"{path.stat().st_size / 1e6:.2f} MB, score of the race {drive.moment.score:.1f}")
    drive.close()


def make_strip(model, options) -> None:
    from gendesk.plugins.worldmodel.driving import FRAMES_PER_SECOND, Drive, Start
    from PIL import Image

    drive = Drive(Start(model, options.seed, beside=True))
    while drive.moment.frame < options.dream_from * FRAMES_PER_SECOND:
        drive.advance()
    drive.wake()
    columns = []
    for _ in range(_COLUMNS):
        columns.append((drive.moment.observation, drive.mind.drawn(), drive.dream.drawn()))
        for _ in range(_EVERY):
            drive.advance()
    drive.close()
    rows = [np.concatenate([_framed(column[row]) for column in columns], axis=1) for row in range(3)]
    path = options.folder / "world-model-dream.png"
    Image.fromarray(np.concatenate(rows)).save(path, optimize=True)
    print(path)


def _framed(picture):
    large = picture.repeat(_STRIP_SCALE, axis=0).repeat(_STRIP_SCALE, axis=1)
    return np.pad(large, ((0, _GAP), (0, _GAP), (0, 0)), constant_values=_GROUND)


if __name__ == "__main__":
    main()
