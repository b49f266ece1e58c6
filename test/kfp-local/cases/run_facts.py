"""Placeholders of the run stand for what they name."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def look(task: str, resource: str, name: str, created: str, uuid: str) -> str:
    import re

    date = re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", created) is not None
    return "%s %s %s %s %s" % (task, len(resource) > 0, len(name) > 0, date, len(uuid) > 0)


@dsl.pipeline(name="run-facts")
def pipeline() -> str:
    return look(
        task=dsl.PIPELINE_TASK_NAME_PLACEHOLDER,
        resource=dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER,
        name=dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
        created=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER,
        uuid=dsl.PIPELINE_JOB_ID_PLACEHOLDER,
    ).output


EXPECTED = {"Output": "look True True True True"}
REASON = "kfp.local ends with an IndexError where a placeholder names the run's resource or the time it was made"
