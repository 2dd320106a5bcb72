"""
The fastest time of matrix products and convolution passes by PyTorch in FP32, from and to plain arrays.
Usage: torch_products.py THREADS SECONDS CASES; CASES: JSON list of {m, n, k} or {pass, batch, inChannels, outChannels, height, width, kernel, stride}.
Prints the times in seconds as a JSON list. Binding threads is left to the environment.
"""
import json
import sys
import time

import torch


def make_product(case):
    left, right = torch.randn(case["m"], case["k"]), torch.randn(case["k"], case["n"])
    result = torch.empty(case["m"], case["n"])
    return lambda: torch.mm(left, right, out=result)


def make_convolution(case):
    stride, padding = [case["stride"]] * 2, [case["kernel"] // 2] * 2
    image = torch.randn(case["batch"], case["inChannels"], case["height"], case["width"])
    weight = torch.randn(case["outChannels"], case["inChannels"], case["kernel"], case["kernel"])
    if case["pass"] == "forward":
        return lambda: torch.conv2d(image, weight, None, stride, padding)
    gradient = torch.randn_like(torch.conv2d(image, weight, None, stride, padding))
    wanted = [case["pass"] == "data-gradient", case["pass"] == "weight-gradient", False]
    return lambda: torch.ops.aten.convolution_backward(gradient, image, weight, None, stride, padding, [1, 1], False, [0, 0], 1, wanted)


def time_fastest(call, seconds):
    for _ in range(2):
        call()
    fastest, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        call()
        now = time.perf_counter()
        fastest = min(fastest, now - start)
        if now > end:
            return fastest


def main():
    torch.set_num_threads(int(sys.argv[1]))
    with torch.no_grad():
        cases = json.loads(sys.argv[3])
        print(json.dumps([time_fastest(make_product(case) if "m" in case else make_convolution(case), float(sys.argv[2])) for case in cases]))


if __name__ == "__main__":
    main()
