"""Finds weights: logistic regression by Newton's method, in plain Python. For offline use."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

RIDGE = 1.0
"""Holds weights back that few examples speak for."""
STEPS = 12

Rows = Sequence[Sequence[float]]


def logistic(rows: Rows, right: Sequence[bool], counts: Sequence[float]) -> list[float]:
    """Base and weights by which rows tell what is right; `counts`: how much each row matters."""
    width = len(rows[0])
    means = [sum(row[at] for row in rows) / len(rows) for at in range(width)]
    spreads = [
        (sum((row[at] - means[at]) ** 2 for row in rows) / len(rows)) ** 0.5 or 1.0
        for at in range(width)
    ]
    scaled = [
        [1.0, *((x - mean) / spread for x, mean, spread in zip(row, means, spreads, strict=True))]
        for row in rows
    ]
    found = [0.0] * (width + 1)
    for _ in range(STEPS):
        step = _step(scaled, right, counts, found)
        found = [weight + change for weight, change in zip(found, step, strict=True)]
    weights = [weight / spread for weight, spread in zip(found[1:], spreads, strict=True)]
    return [found[0] - sum(w * m for w, m in zip(weights, means, strict=True)), *weights]


def _step(
    rows: Rows, right: Sequence[bool], counts: Sequence[float], found: Sequence[float]
) -> list[float]:
    size = len(found)
    gradient = [0.0, *(-RIDGE * weight for weight in found[1:])]
    curve = [[RIDGE * (i == j and i > 0) for j in range(size)] for i in range(size)]
    for row, is_right, count in zip(rows, right, counts, strict=True):
        z = sum(w * x for w, x in zip(found, row, strict=True))
        chance = 1 / (1 + exp(-max(-30.0, min(30.0, z))))
        slope, bend = count * (is_right - chance), count * chance * (1 - chance)
        for i in range(size):
            gradient[i] += slope * row[i]
            if bend > 1e-7:
                pull = bend * row[i]
                line = curve[i]
                for j in range(i + 1):
                    line[j] += pull * row[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return _solved(curve, gradient)


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination; the ridge keeps the matrix regular."""
    size = len(vector)
    rows = [[*line, value] for line, value in zip(matrix, vector, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            share = rows[below][at] / rows[at][at]
            for column in range(at, size + 1):
                rows[below][column] -= share * rows[at][column]
    answer = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * answer[column] for column in range(at + 1, size))
        answer[at] = (rows[at][size] - known) / rows[at][at]
    return answer
