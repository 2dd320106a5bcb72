"""
Learnable tasks for the networks of networks/families.py, made from a seed and an index: each sample can be made again at any time, on any rank.
Images are smooth fields with noise, rounded so that they compress as measured fields do. `scale`: edges of a stored image over those that the network reads.
"""
import numpy as np

SEED = 2026
STORED_SCALE = {"small-resnet": 16, "unet": 4, "gpt": 1, "mlp": 1}
STORED_TYPE = {"small-resnet": np.uint8, "unet": np.float16, "gpt": np.uint16, "mlp": np.float16}
LABEL_TYPE = {"small-resnet": np.uint8, "unet": np.uint8, "gpt": np.uint16, "mlp": np.uint16}


def input_shape(name, options, scale=1):
    if name in ("small-resnet", "unet"):
        return (options["channels"], options["height"] * scale, options["width"] * scale)
    return (options["tokens"],) if name == "gpt" else (options["inputs"],)


def label_shape(name, options):
    return {"small-resnet": (1,), "unet": (options.get("height"), options.get("width")), "gpt": (options.get("tokens"),), "mlp": (1,)}[name]


def make_sample(name, options, index, scale=1):
    """Input and label as they are stored."""
    random = np.random.default_rng([SEED, index])
    sample, label = MAKERS[name](options, random, index, scale)
    return np.ascontiguousarray(sample, STORED_TYPE[name]), np.ascontiguousarray(label, LABEL_TYPE[name])


def make_waves(shape, random, turns, noise):
    """A sum of two plane waves per channel, of amplitude 1, with noise of the given standard deviation."""
    channels, height, width = shape
    y = np.linspace(0, 2 * np.pi, height, endpoint=False, dtype=np.float32)[:, None]
    x = np.linspace(0, 2 * np.pi, width, endpoint=False, dtype=np.float32)[None, :]
    fields = np.empty(shape, np.float32)
    for channel in range(channels):
        phases = random.uniform(0, 2 * np.pi, 2)
        fields[channel] = 0.5 * np.sin(turns[0] * y + turns[1] * x + phases[0]) + 0.5 * np.sin(turns[1] * y - turns[0] * x + phases[1])
    return fields + noise * random.standard_normal(shape, np.float32)


def make_image(options, random, index, scale):
    """The class is in the wave numbers."""
    label = index % options["classes"]
    fields = make_waves(input_shape("small-resnet", options, scale), random, (1 + label % 4, label // 4), 0.02)
    return np.clip(np.round(100 * fields + 128), 0, 255), [label]


def make_segmentation(options, random, index, scale):
    """A pixel's class is the band that its first channel lies in."""
    shape = input_shape("unet", options, scale)
    fields = np.round(64 * make_waves(shape, random, (random.integers(1, 4), random.integers(0, 3)), 0.05)) / 64
    first = fields[0].reshape(options["height"], scale, options["width"], scale).mean((1, 3))
    edges = np.linspace(-0.5, 0.5, options["classes"] - 1)
    return fields, np.digitize(first, edges)


def make_sequence(options, random, index, scale):
    """Each token follows from the one before by one of four rules, which the sequence keeps."""
    vocabulary, tokens = options["vocabulary"], options["tokens"]
    rule = index % 4
    sequence = np.empty(tokens + 1, np.int64)
    sequence[0] = random.integers(vocabulary)
    for at in range(tokens):
        sequence[at + 1] = (sequence[at] * (2 * rule + 3) + 7) % vocabulary
    return sequence[:-1], sequence[1:]


def make_vector(options, random, index, scale):
    """A vector of its class, with noise as large."""
    label = index % options["classes"]
    prototype = np.random.default_rng([SEED, 1 << 40, label]).standard_normal(options["inputs"], np.float32)
    return np.round(64 * (prototype + random.standard_normal(options["inputs"], np.float32))) / 64, [label]


MAKERS = {"small-resnet": make_image, "unet": make_segmentation, "gpt": make_sequence, "mlp": make_vector}
