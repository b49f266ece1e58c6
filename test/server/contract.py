"""Works with a server through KFP's own client, unchanged. Prints what failed, by the name of what was tried."""
import json
import os
import sys
import time
import traceback
import warnings

warnings.filterwarnings('ignore')

import kfp  # noqa: E402
import kfp_server_api  # noqa: E402
from kfp import dsl  # noqa: E402

host, folder = sys.argv[1:3]
client = kfp.Client(host=host)
three = os.path.join(folder, 'three.yaml')
data = os.path.join(folder, 'data.yaml')
# KFP's client prints links.
out, sys.stdout = sys.stdout, sys.stderr


def note(name, there):
    path = os.path.join(folder, name)
    if there:
        open(path, 'w').close()
    elif os.path.exists(path):
        os.remove(path)


def until(run_id, *states):
    for _ in range(600):
        run = client.get_run(run_id)
        if run.state in states:
            return run
        time.sleep(0.1)
    raise AssertionError(f'{run_id} is {run.state}, not {states}')


def upload_version_and_run():
    pipeline = client.upload_pipeline(three, pipeline_name='three', description='in a row')
    assert pipeline.display_name == 'three' and pipeline.description == 'in a row', pipeline
    assert client.get_pipeline(pipeline.pipeline_id).pipeline_id == pipeline.pipeline_id
    assert client.get_pipeline_id('three') == pipeline.pipeline_id
    assert client.get_pipeline_id('none of it') is None
    second = client.upload_pipeline_version(three, 'second', pipeline_name='three')
    versions = client.list_pipeline_versions(pipeline.pipeline_id, sort_by='created_at desc')
    assert [one.display_name for one in versions.pipeline_versions] == ['second', 'three'], versions
    got = client.get_pipeline_version(pipeline.pipeline_id, second.pipeline_version_id)
    assert got.pipeline_spec['pipelineInfo']['name'] == 'three', got
    experiment = client.create_experiment('first of all', 'to try it')
    assert client.create_experiment('first of all').experiment_id == experiment.experiment_id
    run = client.run_pipeline(
        experiment.experiment_id, 'a run', pipeline_id=pipeline.pipeline_id,
        version_id=second.pipeline_version_id, params={'salt': 'x'})
    assert run.state == 'PENDING', run
    ended = client.wait_for_run_completion(run.run_id, timeout=60, sleep_duration=0.2)
    assert ended.state == 'SUCCEEDED', ended
    assert ended.experiment_id == experiment.experiment_id
    assert ended.runtime_config.parameters == {'salt': 'x'}
    assert ended.pipeline_version_reference.pipeline_version_id == second.pipeline_version_id
    assert [one.state for one in ended.state_history] == ['PENDING', 'RUNNING', 'SUCCEEDED'], ended.state_history
    assert ended.finished_at >= ended.created_at
    tasks = {one.display_name: one for one in ended.run_details.task_details}
    assert sorted(tasks) == ['first', 'second', 'third'], tasks
    assert client.get_experiment(experiment_name='first of all').last_run_created_at == ended.created_at


def create_run_from_package():
    result = client.create_run_from_pipeline_package(data, arguments={'text': 'four'})
    ended = client.wait_for_run_completion(result.run_id, timeout=60, sleep_duration=0.2)
    assert ended.state == 'SUCCEEDED', ended
    assert ended.pipeline_spec['pipelineInfo']['name'] == 'data'
    assert client.get_experiment(experiment_id=ended.experiment_id).display_name == 'Default'
    tasks = {one.display_name: one for one in ended.run_details.task_details}
    assert tasks['measure'].inputs['words'].artifact_ids == tasks['make'].outputs['words'].artifact_ids, tasks


def python_component():
    @dsl.component
    def greet(name: str) -> str:
        return 'hello ' + name

    @dsl.pipeline(name='greeting')
    def greeting(name: str = 'world') -> str:
        return greet(name=name).output

    result = client.create_run_from_pipeline_func(greeting, arguments={'name': 'kfp'}, enable_caching=False)
    ended = client.wait_for_run_completion(result.run_id, timeout=300, sleep_duration=0.5)
    assert ended.state == 'SUCCEEDED', ended


def lists():
    experiment = client.create_experiment('lists')
    ids = []
    for index in range(7):
        run = client.run_pipeline(experiment.experiment_id, f'run {index}', pipeline_package_path=three)
        ids.append(run.run_id)
    found, token = [], ''
    while True:
        page = client.list_runs(
            page_token=token, page_size=3, sort_by='created_at desc', experiment_id=experiment.experiment_id)
        assert page.total_size == 7, page.total_size
        found += [one.run_id for one in page.runs]
        token = page.next_page_token
        if not token:
            break
    assert found == ids[::-1], (found, ids)

    def matching(**predicate):
        text = json.dumps({'predicates': [predicate]})
        page = client.list_runs(experiment_id=experiment.experiment_id, filter=text, sort_by='display_name')
        return [one.display_name for one in page.runs or []]

    assert matching(operation=1, key='display_name', stringValue='run 3') == ['run 3']
    assert matching(operation='IS_SUBSTRING', key='name', string_value='RUN 4') == ['run 4']
    assert matching(operation='IN', key='display_name', string_values={'values': ['run 1', 'run 5']}) == ['run 1', 'run 5']
    assert matching(operation='NOT_EQUALS', key='storage_state', string_value='AVAILABLE') == []
    assert matching(operation='GREATER_THAN', key='created_at', timestamp_value='2001-01-01T00:00:00Z') == [f'run {i}' for i in range(7)]
    for wrong in ({'operation': 'EQUALS', 'key': 'secret', 'string_value': 'x'}, {'operation': 'LIKE', 'key': 'name', 'string_value': 'x'}):
        try:
            matching(**wrong)
            raise AssertionError(f'{wrong} was taken')
        except kfp_server_api.ApiException as error:
            assert error.status == 400, error
            assert json.loads(error.body)['code'] == 3
    for run_id in ids:
        client.wait_for_run_completion(run_id, timeout=60, sleep_duration=0.2)
    assert client.list_experiments(page_size=100).total_size >= 2
    assert client.list_pipelines().total_size >= 1


def terminate_and_retry():
    note('wait', True)
    experiment = client.create_experiment('ends')
    run = client.run_pipeline(experiment.experiment_id, 'cut', pipeline_package_path=three, params={'folder': folder})
    until(run.run_id, 'RUNNING')
    for _ in range(300):
        tasks = {one.display_name: one.state for one in client.get_run(run.run_id).run_details.task_details}
        if tasks.get('second') == 'RUNNING':
            break
        time.sleep(0.1)
    client.terminate_run(run.run_id)
    ended = until(run.run_id, 'CANCELED')
    assert [one.state for one in ended.state_history] == ['PENDING', 'RUNNING', 'CANCELING', 'CANCELED'], ended.state_history
    try:
        client.terminate_run(run.run_id)
        raise AssertionError('what has ended was ended')
    except kfp_server_api.ApiException as error:
        assert error.status == 400
    note('wait', False)
    note('fail', True)
    client.runs.run_service_retry_run(run.run_id)
    failed = until(run.run_id, 'FAILED')
    assert 'it was told to fail' in failed.error.message, failed.error
    tasks = {one.display_name: one for one in failed.run_details.task_details}
    assert tasks['third'].state == 'FAILED' and 'told to fail' in tasks['third'].error.message
    note('fail', False)
    client.runs.run_service_retry_run(run.run_id)
    until(run.run_id, 'SUCCEEDED')
    with open(os.path.join(folder, 'ran')) as file:
        assert file.read().split() == ['first', 'second', 'second', 'third', 'third']


def archive_and_delete():
    experiment = client.create_experiment('to be put away')
    run = client.run_pipeline(experiment.experiment_id, 'old', pipeline_package_path=three)
    client.wait_for_run_completion(run.run_id, timeout=60, sleep_duration=0.2)
    client.archive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == 'ARCHIVED'
    client.unarchive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == 'AVAILABLE'
    client.archive_experiment(experiment.experiment_id)
    assert client.get_run(run.run_id).storage_state == 'ARCHIVED'
    try:
        client.run_pipeline(experiment.experiment_id, 'new', pipeline_package_path=three)
        raise AssertionError('an archived experiment took a run')
    except kfp_server_api.ApiException as error:
        assert error.status == 400, error
    client.unarchive_experiment(experiment.experiment_id)
    client.delete_run(run.run_id)
    try:
        client.get_run(run.run_id)
        raise AssertionError('a run that was deleted is there')
    except kfp_server_api.ApiException as error:
        assert error.status == 404 and json.loads(error.body)['code'] == 5, error
    client.delete_experiment(experiment.experiment_id)
    pipeline = client.upload_pipeline(three, pipeline_name='to be deleted')
    [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    try:
        client.delete_pipeline(pipeline.pipeline_id)
        raise AssertionError('a pipeline with versions was deleted')
    except kfp_server_api.ApiException as error:
        assert error.status == 400
    client.delete_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
    client.delete_pipeline(pipeline.pipeline_id)
    assert client.get_pipeline_id('to be deleted') is None


def recurring():
    experiment = client.create_experiment('again')
    job = client.create_recurring_run(
        experiment.experiment_id, 'each second', interval_second=1, pipeline_package_path=three,
        params={'salt': '[[ScheduledTime]]'}, max_concurrency=2)
    assert job.status == 'ENABLED' and job.trigger.periodic_schedule.interval_second == '1', job
    for _ in range(100):
        runs = client.list_runs(experiment_id=experiment.experiment_id, sort_by='scheduled_at').runs or []
        if len(runs) >= 2:
            break
        time.sleep(0.2)
    client.disable_recurring_run(job.recurring_run_id)
    assert client.get_recurring_run(job.recurring_run_id).status == 'DISABLED'
    first, second = runs[:2]
    assert (second.scheduled_at - first.scheduled_at).total_seconds() == 1, (first.scheduled_at, second.scheduled_at)
    assert first.recurring_run_id == job.recurring_run_id
    assert first.runtime_config.parameters['salt'] == first.scheduled_at.astimezone(
        __import__('datetime').timezone.utc).strftime('%Y%m%d%H%M%S')
    client.wait_for_run_completion(first.run_id, timeout=60, sleep_duration=0.2)
    cron = client.create_recurring_run(
        experiment.experiment_id, 'on weekdays', cron_expression='0 0 9 ? * 2-6', pipeline_package_path=three, enabled=False)
    assert cron.status == 'DISABLED' and cron.max_concurrency == '1'
    client.enable_recurring_run(cron.recurring_run_id)
    assert client.list_recurring_runs(experiment_id=experiment.experiment_id).total_size == 2
    for wrong in ('0 0 99 ? * *', 'soon'):
        try:
            client.create_recurring_run(
                experiment.experiment_id, 'never', cron_expression=wrong, pipeline_package_path=three)
            raise AssertionError(f'{wrong} was taken')
        except kfp_server_api.ApiException as error:
            assert error.status == 400, error
    for one in (job, cron):
        client.delete_recurring_run(one.recurring_run_id)
    assert client.list_recurring_runs(experiment_id=experiment.experiment_id).total_size == 0


def wrong_requests():
    experiment = client.create_experiment('wrong')
    for params, words in (({'nonsense': 1}, 'nonsense'), ({'folder': 3}, 'folder')):
        try:
            client.run_pipeline(experiment.experiment_id, 'x', pipeline_package_path=three, params=params)
            raise AssertionError(f'{params} was taken')
        except kfp_server_api.ApiException as error:
            assert error.status == 400 and words in json.loads(error.body)['message'], error
    broken = os.path.join(folder, 'broken.yaml')
    with open(broken, 'w') as file:
        file.write('pipelineInfo: {name: broken}\nschemaVersion: 2.1.0\nroot: {dag: {tasks: {a: {taskInfo: {name: a}, componentRef: {name: none}}}}}\n')
    try:
        client.upload_pipeline(broken, pipeline_name='broken')
        raise AssertionError('a broken pipeline was taken')
    except kfp_server_api.ApiException as error:
        assert error.status == 400 and 'error_message' in json.loads(error.body), error
    client.upload_pipeline(three, pipeline_name='twice')
    try:
        client.upload_pipeline(three, pipeline_name='twice')
        raise AssertionError('one name was taken twice')
    except kfp_server_api.ApiException as error:
        assert error.status == 409, error


def packages():
    import tarfile
    import zipfile
    tar, archive = os.path.join(folder, 'p.tar.gz'), os.path.join(folder, 'p.zip')
    with tarfile.open(tar, 'w:gz') as file:
        file.add(three, 'pipeline.yaml')
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as file:
        file.write(three, 'three.yaml')
    for path in (tar, archive):
        pipeline = client.upload_pipeline(path, pipeline_name=os.path.basename(path))
        [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
        assert version.pipeline_spec['pipelineInfo']['name'] == 'three'


tried = {}
for name in sys.argv[3:]:
    try:
        globals()[name]()
        tried[name] = 'ok'
    except Exception:
        tried[name] = traceback.format_exc()
print(json.dumps(tried), file=out)
