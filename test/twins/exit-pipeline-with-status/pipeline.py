from kfp import dsl


@dsl.component
def say(text: str):
    pass


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='cleaning')
def cleaning(status: dsl.PipelineTaskFinalStatus, who: str):
    say(text=f'{who}: {status}')


@dsl.pipeline(name='exit-pipeline-with-status')
def twin():
    cleaned = cleaning(who='me')
    with dsl.ExitHandler(cleaned):
        run(n=1)
