"""How quick is it, and how large may the data grow?

`python -m benchmarks` measures all parts, `python -m benchmarks commit` one of them. Each figure with a floor says
whether it keeps it. Other work on the machine only ever makes a figure worse, so each is measured several times and
the best run counts; the others are shown beside it.
"""
