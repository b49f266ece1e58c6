"""Tasks wait for others whose outputs they do not take."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def append(folder: str, name: str):
    with open(folder + "/order", "a") as file:
        file.write(name + " ")


@dsl.pipeline(name="order")
def pipeline(folder: str):
    one = append(folder=folder, name="one")
    two = append(folder=folder, name="two").after(one)
    append(folder=folder, name="three").after(one, two)


ARGUMENTS = {"folder": "FOLDER"}
