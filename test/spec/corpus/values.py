from kfp import dsl


@dsl.component
def take(t: str, n: int, f: float, b: bool, l: list, s: dict):
    pass


@dsl.pipeline(name='values')
def twin(t: str = 'on', empty: str = '', lines: str = 'a b', n: int = 0, big: int = 2**53 - 1, f: float = 0.0, tiny: float = 1e-300, b: bool = False,
         l: list = [], deep: list = [1, [2.5, {'a': []}], 'x', True], s: dict = {}, many: dict = {'': 0, ' ': 1, 'yes': [], '1': {}, '<<': 1, 'ключ': 'я'}):
    take(t=t, n=n, f=f, b=b, l=l, s=s)
    take(t='2020-01-01', n=-5, f=1e22, b=True, l=deep, s=many)
    take(t='{{$.inputs}}', n=9007199254740991, f=-0.0, b=False, l=[[]], s={'a': {}})
    take(t=f'{lines}\n-{t}\n\n-{n} ', n=big, f=tiny, b=b, l=['é', '\u0085', '\x07', '🦉'], s={'a': [{}]})
