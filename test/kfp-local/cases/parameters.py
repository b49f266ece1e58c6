"""Every type of parameter goes in and comes out, through a chain."""

from typing import Dict, List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def number(x: float) -> float:
    return x * 2


@dsl.component(install_kfp_package=False)
def whole(n: int, by: int = 3) -> int:
    return n * by


@dsl.component(install_kfp_package=False)
def text(a: str, b: str = "é✓\"'\\n") -> str:
    return a + b


@dsl.component(install_kfp_package=False)
def truth(yes: bool) -> bool:
    return not yes


@dsl.component(install_kfp_package=False)
def several(items: List[str], extra: str) -> List[str]:
    return items + [extra]


@dsl.component(install_kfp_package=False)
def table(fields: Dict[str, str]) -> Dict[str, str]:
    return {**fields, "more": str(len(fields))}


@dsl.component(install_kfp_package=False)
def summary(a: float, b: int, c: str, d: bool, e: List[str], f: Dict[str, str]) -> str:
    import json

    return json.dumps([a, b, c, d, e, sorted(f.items())])


@dsl.pipeline(name="parameters")
def pipeline(
    x: float = 1.25,
    n: int = 2,
    a: str = "a",
    yes: bool = True,
    items: List[str] = ["one"],
    fields: Dict[str, str] = {"k": "v"},
) -> str:
    return summary(
        a=number(x=x).output,
        b=whole(n=whole(n=n).output, by=5).output,
        c=text(a=a).output,
        d=truth(yes=yes).output,
        e=several(items=items, extra="two").output,
        f=table(fields=fields).output,
    ).output


ARGUMENTS = {"n": 7, "items": ["x", "y"]}
