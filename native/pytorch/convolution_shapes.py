"""
Shapes of the convolutions that are timed: (height, width, channels in, channels out, kernel, stride, padding, dilation, groups, batch).
The first list is the training part of Baidu's DeepBench (github.com/baidu-research/DeepBench), by the application that it names.
The second spreads over channels, sizes, kernels, strides and batches, and keeps away from the layers of the networks that train_step.py runs.
"""
from typing import NamedTuple


class Shape(NamedTuple):
    group: str
    batch: int
    in_channels: int
    out_channels: int
    size: tuple[int, int]
    kernel: tuple[int, int]
    stride: int
    padding: tuple[int, int]
    dilation: int = 1
    groups: int = 1

    @property
    def out_size(self):
        reach = [(taps - 1) * self.dilation + 1 for taps in self.kernel]
        return tuple((extent + 2 * pad - taps) // self.stride + 1 for extent, pad, taps in zip(self.size, self.padding, reach))

    @property
    def flop(self):
        """Of one pass, 2 per multiply-add."""
        positions = self.batch * self.out_size[0] * self.out_size[1]
        return 2 * positions * self.kernel[0] * self.kernel[1] * self.in_channels * self.out_channels // self.groups


# application, batches, and rows of (width, height, channels in, channels out, filter width, filter height, padding, stride)
_deepbench = [
    ("DeepSpeech", (4, 8, 16, 32), [(700, 161, 1, 32, 20, 5, 0, 2), (341, 79, 32, 32, 10, 5, 0, 2)]),
    ("OCR", (16,), [(480, 48, 1, 16, 3, 3, 1, 1), (240, 24, 16, 32, 3, 3, 1, 1), (120, 12, 32, 64, 3, 3, 1, 1), (60, 6, 64, 128, 3, 3, 1, 1)]),
    ("Face Recognition", (8,), [
        (108, 108, 3, 64, 3, 3, 1, 2), (54, 54, 64, 64, 3, 3, 1, 1), (27, 27, 128, 128, 3, 3, 1, 1), (14, 14, 128, 256, 3, 3, 1, 1), (7, 7, 256, 512, 3, 3, 1, 1),
    ]),
    ("Face Recognition", (8, 16), [
        (56, 56, 64, 64, 3, 3, 1, 1), (56, 56, 64, 256, 1, 1, 0, 2), (28, 28, 128, 128, 3, 3, 1, 1), (28, 28, 128, 512, 1, 1, 0, 2), (14, 14, 256, 256, 1, 1, 0, 1),
        (14, 14, 256, 256, 3, 3, 1, 1), (14, 14, 256, 1024, 1, 1, 0, 2), (7, 7, 512, 512, 1, 1, 0, 1), (7, 7, 2048, 512, 1, 1, 3, 2),
    ]),
    ("Vision", (8, 16), [
        (224, 224, 3, 64, 3, 3, 1, 1), (112, 112, 64, 128, 3, 3, 1, 1), (56, 56, 128, 256, 3, 3, 1, 1), (28, 28, 256, 512, 3, 3, 1, 1), (14, 14, 512, 512, 3, 3, 1, 1),
        (7, 7, 512, 512, 3, 3, 1, 1),
    ]),
    ("Vision", (16,), [
        (224, 224, 3, 64, 7, 7, 3, 2), (28, 28, 192, 32, 5, 5, 2, 1), (28, 28, 192, 64, 1, 1, 0, 1), (14, 14, 512, 48, 5, 5, 2, 1), (14, 14, 512, 192, 1, 1, 0, 1),
        (7, 7, 832, 256, 1, 1, 0, 1), (7, 7, 832, 128, 5, 5, 2, 1),
    ]),
    ("Speaker ID", (16,), [
        (700, 161, 1, 64, 5, 5, 1, 2), (350, 80, 64, 64, 3, 3, 1, 1), (350, 80, 64, 128, 5, 5, 1, 2), (175, 40, 128, 128, 3, 3, 1, 1), (175, 40, 128, 256, 5, 5, 1, 2),
        (84, 20, 256, 256, 3, 3, 1, 1), (84, 20, 256, 512, 5, 5, 1, 2), (42, 10, 512, 512, 3, 3, 1, 1),
    ]),
    ("Resnet", (8, 16), [
        (112, 112, 64, 64, 1, 1, 0, 1), (56, 56, 64, 256, 1, 1, 0, 1), (56, 56, 256, 64, 1, 1, 0, 1), (56, 56, 256, 128, 1, 1, 0, 2), (28, 28, 128, 512, 1, 1, 0, 1),
        (28, 28, 512, 128, 1, 1, 0, 1), (28, 28, 512, 256, 1, 1, 0, 2), (14, 14, 256, 1024, 1, 1, 0, 1), (28, 28, 512, 1024, 1, 1, 0, 2), (14, 14, 1024, 256, 1, 1, 0, 1),
        (14, 14, 1024, 512, 1, 1, 0, 2), (7, 7, 512, 512, 3, 3, 1, 1), (7, 7, 512, 2048, 1, 1, 0, 1), (14, 14, 1024, 2048, 1, 1, 0, 2), (7, 7, 2048, 512, 1, 1, 0, 1),
    ]),
]

# height, width, channels in, channels out, kernel, stride, batch
_spread = [
    # large images, few channels
    (1152, 768, 16, 32, 3, 1, 1), (1024, 1024, 16, 16, 3, 1, 1), (960, 640, 32, 32, 3, 1, 1), (960, 640, 32, 64, 5, 1, 1), (800, 1200, 64, 32, 5, 1, 1),
    (720, 1280, 96, 96, 3, 1, 1), (640, 960, 128, 128, 3, 1, 1), (640, 960, 256, 128, 3, 1, 1), (512, 1024, 192, 256, 3, 1, 1), (700, 1000, 64, 16, 1, 1, 2),
    (640, 640, 24, 48, 7, 2, 4), (800, 800, 16, 64, 7, 2, 2), (896, 896, 48, 96, 3, 2, 2), (768, 768, 96, 96, 5, 2, 1),
    # middle sizes
    (400, 600, 64, 64, 3, 1, 2), (360, 480, 160, 32, 5, 1, 2), (320, 448, 96, 192, 3, 1, 2), (300, 300, 128, 32, 5, 1, 4), (256, 384, 256, 256, 3, 1, 1),
    (240, 320, 304, 256, 3, 1, 2), (200, 300, 256, 64, 1, 1, 4), (192, 256, 320, 320, 3, 1, 2), (180, 240, 48, 48, 5, 1, 8), (160, 240, 64, 384, 1, 1, 8),
    (160, 160, 384, 192, 1, 2, 8), (144, 216, 224, 32, 5, 1, 4), (128, 192, 512, 256, 3, 1, 2), (128, 128, 96, 192, 3, 2, 16), (120, 160, 728, 728, 1, 1, 2),
    (112, 160, 160, 640, 1, 1, 16), (100, 150, 512, 512, 3, 1, 2), (96, 128, 256, 1024, 1, 1, 8), (90, 120, 1024, 256, 1, 1, 8), (80, 120, 2048, 256, 1, 1, 2),
    # small images, many channels or large batches
    (64, 64, 128, 128, 5, 1, 16), (64, 64, 320, 320, 3, 2, 16), (60, 80, 192, 768, 1, 1, 32), (56, 56, 96, 96, 3, 1, 64), (56, 56, 48, 192, 1, 1, 64),
    (48, 64, 2048, 320, 3, 1, 2), (40, 60, 384, 384, 3, 1, 8), (40, 40, 640, 160, 1, 1, 32), (32, 32, 192, 192, 7, 1, 16), (32, 32, 768, 768, 1, 2, 32),
    (28, 28, 160, 160, 3, 1, 64), (28, 28, 96, 384, 1, 1, 64), (28, 28, 640, 320, 1, 1, 64), (24, 36, 480, 32, 5, 1, 4), (20, 20, 1536, 2048, 1, 1, 8),
    (16, 16, 1024, 1024, 3, 1, 8), (14, 14, 320, 320, 3, 1, 64), (14, 14, 1280, 320, 1, 1, 64), (14, 14, 640, 640, 3, 2, 64), (12, 18, 384, 384, 5, 1, 16),
    (10, 10, 768, 768, 3, 1, 64), (7, 7, 640, 640, 3, 1, 64), (7, 7, 640, 1920, 1, 1, 64), (7, 7, 1920, 640, 1, 1, 64), (7, 7, 320, 1280, 1, 1, 16), (9, 9, 1024, 1024, 1, 1, 1),
]

# height, width, channels in, channels out, dilation, batch; 3 x 3, stride 1
_dilated = [(80, 120, 384, 384, 2, 2), (80, 120, 512, 512, 4, 2), (64, 96, 1024, 256, 6, 2), (100, 150, 1024, 320, 10, 1), (100, 150, 1024, 320, 30, 1), (40, 60, 1536, 256, 16, 2)]

# height, width, channels, stride, dilation, batch; 3 x 3, one filter per channel
_depthwise = [(400, 600, 64, 1, 1, 2), (384, 512, 96, 2, 1, 2), (200, 300, 160, 1, 1, 4), (128, 192, 320, 2, 1, 4), (100, 150, 512, 1, 1, 2), (60, 80, 640, 1, 1, 4), (40, 60, 1536, 1, 2, 4), (32, 48, 1024, 2, 1, 8)]


def list_deepbench():
    shapes = []
    for application, batches, rows in _deepbench:
        for batch in batches:
            for width, height, channels_in, channels_out, filter_width, filter_height, padding, stride in rows:
                shapes.append(Shape(f"deepbench: {application}", batch, channels_in, channels_out, (height, width), (filter_height, filter_width), stride, (padding, padding)))
    return shapes


def list_spread():
    shapes = [Shape("spread", batch, a, b, (h, w), (k, k), stride, (k // 2, k // 2)) for h, w, a, b, k, stride, batch in _spread]
    shapes += [Shape("dilated", batch, a, b, (h, w), (3, 3), 1, (d, d), d) for h, w, a, b, d, batch in _dilated]
    shapes += [Shape("depth-wise", batch, c, c, (h, w), (3, 3), stride, (d, d), d, c) for h, w, c, stride, d, batch in _depthwise]
    return shapes


def list_tiny():
    """For trying the program out, on any device."""
    return [Shape("tiny", 2, 8, 16, (12, 10), (3, 3), 1, (1, 1)), Shape("tiny", 1, 16, 8, (9, 9), (1, 1), 2, (0, 0)), Shape("tiny", 2, 8, 8, (8, 8), (3, 3), 1, (2, 2), 2, 8)]
