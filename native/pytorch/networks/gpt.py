"""A decoder-only transformer with unfused attention, layer for layer that of model/workload/gpt.ts."""
import math

import torch
from torch import nn


class Product(nn.Module):
    """A product of two batches of matrices; a module so that its work can be counted."""

    def forward(self, first, second):
        return torch.bmm(first, second)


class Attention(nn.Module):
    def __init__(self, width, heads, tokens):
        super().__init__()
        self.heads = heads
        self.scale = 1 / math.sqrt(width // heads)
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.scores, self.mix = Product(), Product()
        self.output = nn.Linear(width, width)
        self.register_buffer("mask", torch.full((tokens, tokens), -math.inf).triu(1), persistent=False)

    def split(self, x):
        """Batch x tokens x width -> heads of all samples x tokens x their share of the width, as a copy."""
        batch, tokens, width = x.shape
        x = x.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
        return x.contiguous().view(batch * self.heads, tokens, width // self.heads)

    def forward(self, x):
        batch, tokens, width = x.shape
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.add(self.mask, self.scores(query, key.transpose(1, 2)), alpha=self.scale)
        mixed = self.mix(torch.softmax(scores, -1), value).view(batch, self.heads, tokens, width // self.heads)
        return self.output(mixed.transpose(1, 2).contiguous().view(batch, tokens, width))


class Block(nn.Module):
    def __init__(self, width, heads, tokens):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads, tokens)
        self.norm2 = nn.LayerNorm(width)
        self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Positions(nn.Module):
    """A module of its own, so that its parameter stands after that of the tokens, as the forward pass uses them."""

    def __init__(self, tokens, width):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(tokens, width))

    def forward(self, x):
        return x + self.weight


class Gpt(nn.Module):
    def __init__(self, width=256, layers=4, heads=4, tokens=128, vocabulary=2048):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = Positions(tokens, width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.blocks = nn.ModuleList([Block(width, heads, tokens) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, x):
        x = self.positions(self.tokens(x))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
