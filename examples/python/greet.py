"""A component in Python. What made greet.yaml and greet.ts of it:

    python examples/python/greet.py /tmp/greet.yaml
    npx ferrule import /tmp/greet.yaml --out examples/python
"""
import sys

from kfp import compiler, dsl


# Whoever runs it has KFP: nothing is installed.
@dsl.component(install_kfp_package=False)
def greet(name: str, times: int = 1) -> str:
    """Greets somebody.

    Args:
        name: Whom.
        times: How often.
    """
    return ', '.join([f'Hello {name}'] * times)


if __name__ == '__main__':
    compiler.Compiler().compile(greet, sys.argv[1])
