from kfp import dsl


@dsl.component
def text() -> str:
    return ''


@dsl.component
def whole() -> int:
    return 1


@dsl.component
def rate() -> float:
    return 1.0


@dsl.component
def flag() -> bool:
    return True


@dsl.component
def use():
    pass


@dsl.pipeline(name='conditions-of-each-kind')
def twin(s: str = 'a', n: int = 1, x: float = 0.5, b: bool = True):
    texts, wholes, rates, flags = text(), whole(), rate(), flag()
    for condition in [
            s == 'a', s != '', s > 'A', s >= 'b', s < 'c', s <= 'z z', texts.output == s, s != texts.output,
            n == 1, n != -1, n > 0, n >= 10, n < 9007199254740991, n <= n, wholes.output == n, n != wholes.output,
            x == 0.5, x != 1e-7, x > -1.5, x >= 0.25, x < 1e21, x <= 100.5, x > 0.00001, x > 0.00025, rates.output == x, x != rates.output,
            n == 0.5, x > 2, wholes.output < x, rates.output >= n, x == wholes.output,
            b == True, b != False, flags.output == b, b != flags.output, flags.output == False
    ]:
        with dsl.If(condition):
            use()
