"""Trains the net that places the landmarks, on rendered heads: no real person is seen.

    python -m training.train_face_marks --store STORE --checkpoint marks.pt --minutes 40 --bf16

STORE is what training.face_candidates writes. Faces are cut out as the second look gives them: about where and as large as its boxes
are wrong; half of the crops are made worse as scans of books and faded prints are.
"""

from __future__ import annotations

import numpy as np
import torch

from .face_crops import NEAR, SIDE, crop_of, side_of
from .face_look import evened
from .face_marks import WIDTHS, MarksNet
from .loop import TOLD_EVERY, Training
from .orthogonal import Orthogonal
from .point_maps import surprise
from .schedule import command_line, narrow
from .train_face_look import MIRRORED, Store, altered

TURNED = 1.5       # radians of turn up to which a face is learnt from
SHIFTED, SCALED, LEANT = 0.06, 0.08, 0.1  # deviations of the crop's place (widths of the face), size (logarithm) and turn (radians)
SPREAD = 1.0       # cells: the bell that the maps are taught
ALTERED = 0.4
VALIDATE_EVERY = 1000


def cropped(rng, store: Store, one) -> tuple[np.ndarray, np.ndarray]:
    """A crop, float32 levels [SIDE, SIDE], and its landmarks [5, 2] in its units."""
    box = one.box.astype(np.float64)
    middle = box[:2] + box[2:] / 2 + rng.normal(0, SHIFTED, 2) * np.sqrt(box[2] * box[3])
    side, turn = side_of(box, NEAR) * float(np.exp(rng.normal(0, SCALED))), float(rng.normal(0, LEANT))
    crop = crop_of(store.levels[one.scene], middle, side, turn)
    c, s = np.cos(turn), np.sin(turn)
    five = (one.face[4:14].reshape(5, 2) - middle) @ (np.array([[c, s], [-s, c]]) / (side / 2)).T
    if rng.random() < 0.5:
        crop, five = crop[:, ::-1], (five * [-1, 1])[MIRRORED]
    return altered(rng, crop) if rng.random() < ALTERED else crop.astype(np.float32), five.astype(np.float32)


def loss_of(net: MarksNet, maps: torch.Tensor, five: torch.Tensor, eyes: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """The distance of the landmarks in distances between the eyes (smooth near none), and the surprise of the maps."""
    away = (((net.placed(maps) - five) ** 2).sum(2) + 1e-6).sqrt() / eyes[:, None]
    mean, spread = away.mean(), surprise(maps, five, SPREAD)
    return 3 * mean + 0.25 * spread, np.array([float(mean.detach()), float(spread.detach())])


@torch.no_grad()
def validate(net: MarksNet, store: Store) -> str:
    """Mean distance over the distance of the eyes, heads turned under 0.8 rad, crops 5 % off: over all, median, and 32 px wide or more."""
    was, rng = net.training, np.random.default_rng(5)
    net.eval()
    errors, widths = [], []
    for one in [e for e in store.faces if e.face[14] < 0.8][:600]:
        box = one.box.astype(np.float64)
        middle, side = box[:2] + box[2:] / 2 + rng.normal(0, 0.05, 2) * np.sqrt(box[2] * box[3]), side_of(box, NEAR)
        crop = crop_of(store.levels[one.scene], middle, side).astype(np.float32)
        five = net.placed(net(evened(torch.from_numpy(crop)[None, None])))[0].numpy() * side / 2 + middle
        truth = one.face[4:14].reshape(5, 2)
        errors.append(np.linalg.norm(five - truth, axis=1).mean() / max(1.0, np.linalg.norm(truth[0] - truth[1])))
        widths.append(one.face[2])
    net.train(was)
    errors, large = np.array(errors), np.array(widths) >= 32
    return f"  marks {errors.mean():.4f} median {np.median(errors):.4f} large {errors[large].mean():.4f}"


def main() -> None:
    parser = command_line(__doc__, rate=1.5e-3, batch=40, seed=20261133)
    parser.add_argument("--store", required=True, help="folder written by training.face_candidates")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = MarksNet(WIDTHS)
    run = Training(args, net, "face-marks", clip=5.0, optimiser=Orthogonal(net, args.rate, outer=("stem", "maps")), crop=SIDE)
    store, check = Store(args.store, "train"), Store(args.store, "validation")
    faces = [one for one in store.faces if one.face[14] < TURNED]

    def step() -> tuple[torch.Tensor, np.ndarray]:
        made = [cropped(run.rng, store, faces[int(at)]) for at in run.rng.integers(0, len(faces), args.batch)]
        x = evened(torch.from_numpy(np.stack([np.ascontiguousarray(crop) for crop, _ in made]))[:, None])
        five = torch.from_numpy(np.stack([five for _, five in made]))
        with narrow(args):
            maps = net(x.contiguous(memory_format=torch.channels_last))
        # A head in profile has its eyes on one line: its width stands for the distance then.
        eyes = torch.clamp((five[:, 0] - five[:, 1]).norm(dim=1), min=0.25)
        return loss_of(net, maps, five, eyes)

    def after(number: int) -> None:
        if number % VALIDATE_EVERY == 0:
            print(validate(run.average.net, check), flush=True)

    run.go(step, lambda sums: f"away {sums[0] / TOLD_EVERY:.4f} maps {sums[1] / TOLD_EVERY:.4f}", f"{len(store.levels)} scenes, {len(faces)} faces", after)


if __name__ == "__main__":
    main()
