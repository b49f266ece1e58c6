"""Numbers without a fraction arrive as int inside of lists and dicts, as KFP's backend sends them."""

from typing import Dict, List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def kinds(xs: List[float], table: Dict[str, float], n: int) -> str:
    values = [*xs, *table.values(), n]
    return ",".join(type(value).__name__ for value in values)


@dsl.pipeline(name="whole-numbers")
def pipeline() -> str:
    return kinds(xs=[1, 2.5], table={"k": 3}, n=4).output


EXPECTED = {"Output": "int,float,int,int"}
REASON = "kfp.local gives 1.0 and 3.0, as protobuf holds them; the backend's JSON has 1 and 3, which Python reads as int"
