from typing import List, NamedTuple

from kfp import dsl


@dsl.component
def towns(region: str) -> List[str]:
    return ['Ardley', 'Brine', 'Cove'] if region == 'coast' else ['Dell']


@dsl.component
def count(town: str, each: int) -> int:
    return len(town) * each


@dsl.component
def total(counts: List[int]) -> int:
    return int(sum(counts))


@dsl.component
def join(names: List[str]) -> str:
    return ', '.join(names)


@dsl.component
def season(name: str, month: str, year: int) -> str:
    return f'{name} begins in {year}-{month}'


@dsl.pipeline(name='loops')
def loops(region: str = 'coast', people: int = 100,
          year: int = 2026) -> NamedTuple('Outputs', [('people', int), ('seasons', str)]):
    found = towns(region=region)
    with dsl.ParallelFor(found.output, parallelism=2) as town:
        counted = count(town=town, each=people)
    summed = total(counts=dsl.Collected(counted.output))

    # KFP gives all fields the type of the first, and takes a field called `name` for an attribute of its own.
    with dsl.ParallelFor([{'title': 'spring', 'month': '3'}, {'title': 'autumn', 'month': '9'}]) as item:
        told = season(name=item.title, month=item.month, year=year)
    seasons = join(names=dsl.Collected(told.output))

    return NamedTuple('Outputs', [('people', int), ('seasons', str)])(summed.output, seasons.output)
