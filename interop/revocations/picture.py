"""The distribution of the delays, as SVG."""
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 260, 50, 40, 40
# Bars, and how far beyond the bound they go.
BARS, BEYOND = 60, 1.2
STYLE = "font: 12px sans-serif; fill: #444"


def draw(title, bound, tally):
    """When changes were seen, in milliseconds after their commits; those of the node that wrote stand apart, for they are at once."""
    delays = [1000 * delay for delay in tally.delays()]
    end = max(bound * BEYOND, 20)
    numbers = [0] * BARS
    for delay in delays:
        numbers[min(BARS - 1, int(delay / end * BARS))] += 1
    parts = [*bars(numbers), *axis(end), *limit(bound, end), text(LEFT, 20, title), text(LEFT, TOP, f"{max(numbers)} changes")]
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', *parts, "</svg>", ""])


def bars(numbers):
    width, high = (WIDTH - LEFT - 20) / BARS, HEIGHT - BOTTOM - TOP - 10
    for place, number in enumerate(numbers):
        height = high * number / max(max(numbers), 1)
        x, y = LEFT + place * width, HEIGHT - BOTTOM - height
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{width - 1:.1f}" height="{height:.1f}" fill="#3b6ea5"/>'


def axis(end):
    base = HEIGHT - BOTTOM
    yield f'<path d="M{LEFT} {base}H{WIDTH - 20}" stroke="#444"/>'
    step = 20 if end > 60 else 5
    for value in range(0, int(end) + 1, step):
        yield text(place(value, end), base + 16, str(value), "middle")
    yield text(WIDTH - 20, base + 32, "milliseconds from the commit to the first request that was decided on the new state", "end")


def limit(bound, end):
    x = place(bound, end)
    yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#b33" stroke-dasharray="4 3"/>'
    yield text(x + 4, TOP + 10, "the bound")


def place(value, end):
    return LEFT + (WIDTH - LEFT - 20) * value / end


def text(x, y, words, anchor="start"):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{STYLE}">{words}</text>'
