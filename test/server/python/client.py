"""Calls each public method of kfp.Client, and each of the generated APIs that it hands out: host and folder are arguments."""
import datetime
import inspect
import json
import os
import sys
import tempfile
import time
import warnings

warnings.filterwarnings('ignore')
# The client keeps its namespace in a file of the home folder.
os.environ['HOME'] = tempfile.mkdtemp()

import kfp  # noqa: E402
import kfp_server_api as api  # noqa: E402
from kfp import dsl  # noqa: E402
from trying import raises, refused, try_all  # noqa: E402

host, folder = sys.argv[1:3]
client = kfp.Client(host=host)
three = os.path.join(folder, 'three.yaml')
data = os.path.join(folder, 'data.yaml')
nowhere = '00000000-0000-4000-8000-000000000000'
soon = {'timeout': 60, 'sleep_duration': 0.2}


@dsl.container_component
def say():
    return dsl.ContainerSpec(image='busybox', command=['true'])


@dsl.pipeline(name='of-python')
def of_python():
    say()


def filter_of(**predicate):
    return json.dumps({'predicates': [predicate]})


def experiment(name='methods'):
    return client.create_experiment(name).experiment_id


def run_of(name, **more):
    return client.run_pipeline(experiment(), name, pipeline_package_path=three, **more)


def pages(listing, field, **query):
    """Reads all pages of two; tells the things in order."""
    found, token = [], ''
    while True:
        page = listing(page_token=token, page_size=2, **query)
        found += getattr(page, field) or []
        assert page.total_size >= len(found), page.total_size
        token = page.next_page_token
        if not token:
            assert page.total_size == len(found), (page.total_size, len(found))
            return found


class Methods:
    def get_kfp_healthz():
        health = client.get_kfp_healthz()
        assert isinstance(health, api.V2beta1GetHealthzResponse)
        assert health.multi_user is False and health.pipeline_store == 'database', health

    def set_user_namespace():
        client.set_user_namespace('team')
        assert kfp.Client(host=host).get_user_namespace() == 'team'
        # A server for a single user has one namespace, whatever it is called.
        assert client.list_runs(namespace='team').total_size is not None
        client.set_user_namespace('')

    def get_user_namespace():
        assert client.get_user_namespace() == ''

    def create_experiment():
        made = client.create_experiment('made', description='of a test', namespace='')
        assert isinstance(made, api.V2beta1Experiment) and made.display_name == 'made' and made.description == 'of a test'
        assert made.storage_state == 'AVAILABLE' and made.created_at.tzinfo is not None, made
        assert client.create_experiment('made').experiment_id == made.experiment_id
        for name in ("it's \"quoted\"", 'with / and ?', 'ünïcödé 実験 🙂', '%25 + &'):
            one = client.create_experiment(name)
            assert one.display_name == name and client.get_experiment(experiment_name=name).experiment_id == one.experiment_id

    def get_experiment():
        made = client.create_experiment('to get')
        assert client.get_experiment(experiment_id=made.experiment_id) == made
        assert client.get_experiment(experiment_name='to get') == made
        raises(ValueError, 'No experiment is found', client.get_experiment, experiment_name='none of it')
        raises(ValueError, 'is required', client.get_experiment)
        refused(404, 5, client.get_experiment, experiment_id=nowhere)

    def list_experiments():
        for index in range(5):
            client.create_experiment(f'listed {index}')
        of_it = filter_of(operation='IS_SUBSTRING', key='display_name', stringValue='listed')
        found = pages(client.list_experiments, 'experiments', sort_by='display_name desc', filter=of_it)
        assert [one.display_name for one in found] == [f'listed {index}' for index in (4, 3, 2, 1, 0)]
        refused(400, 3, client.list_experiments, sort_by='nothing')
        refused(400, 3, client.list_experiments, page_token='nothing')
        refused(400, 3, client.list_experiments, filter='nothing')
        refused(400, 3, client.list_experiments, page_size=-1)
        assert client.list_experiments(page_size=1000).experiments

    def archive_experiment():
        one = experiment('put away')
        run = client.run_pipeline(one, 'in it', pipeline_package_path=three)
        assert client.archive_experiment(one) in ({}, None)
        assert client.get_experiment(one).storage_state == 'ARCHIVED'
        assert client.get_run(run.run_id).storage_state == 'ARCHIVED'
        refused(400, 9, client.run_pipeline, one, 'x', pipeline_package_path=three)
        refused(404, 5, client.archive_experiment, nowhere)

    def unarchive_experiment():
        one = experiment('put away')
        client.unarchive_experiment(one)
        assert client.get_experiment(one).storage_state == 'AVAILABLE'
        refused(404, 5, client.unarchive_experiment, nowhere)

    def delete_experiment():
        one = experiment('to delete')
        client.delete_experiment(one)
        refused(404, 5, client.get_experiment, one)
        refused(404, 5, client.delete_experiment, one)

    def upload_pipeline():
        made = client.upload_pipeline(three, 'uploaded', description='in a row')
        assert isinstance(made, api.V2beta1Pipeline)
        assert (made.display_name, made.name, made.description) == ('uploaded', 'uploaded', 'in a row'), made
        [version] = client.list_pipeline_versions(made.pipeline_id).pipeline_versions
        assert version.display_name == 'uploaded'
        # Without a name it is called as the pipeline is.
        assert client.upload_pipeline(data).display_name == 'data'
        body = refused_upload(409, client.upload_pipeline, three, 'uploaded')
        assert 'uploaded' in body['message']
        broken = os.path.join(folder, 'broken.yaml')
        with open(broken, 'w') as file:
            file.write('pipelineInfo: {name: broken}\nschemaVersion: 2.1.0\nroot: {dag: {tasks: {a: {}}}}\n')
        refused_upload(400, client.upload_pipeline, broken, 'broken')
        raises(ValueError, '', client.upload_pipeline, three, '')

    def upload_pipeline_from_pipeline_func():
        made = client.upload_pipeline_from_pipeline_func(of_python, 'function', description='of a function')
        assert made.display_name == 'function' and made.description == 'of a function'
        refused_upload(409, client.upload_pipeline_from_pipeline_func, of_python, 'function')

    def upload_pipeline_version():
        parent = client.get_pipeline_id('uploaded')
        made = client.upload_pipeline_version(data, 'second', pipeline_id=parent, description='another')
        assert isinstance(made, api.V2beta1PipelineVersion)
        assert (made.pipeline_id, made.display_name, made.description) == (parent, 'second', 'another'), made
        assert made.pipeline_spec['pipelineInfo']['name'] == 'data'
        assert client.upload_pipeline_version(data, 'third', pipeline_name='uploaded').pipeline_id == parent
        refused_upload(409, client.upload_pipeline_version, data, 'third', pipeline_id=parent)
        refused_upload(404, client.upload_pipeline_version, data, 'x', pipeline_id=nowhere)
        raises(ValueError, 'required', client.upload_pipeline_version, data, 'x')

    def upload_pipeline_version_from_pipeline_func():
        parent = client.get_pipeline_id('uploaded')
        made = client.upload_pipeline_version_from_pipeline_func(of_python, 'of a function', pipeline_id=parent)
        assert made.pipeline_spec['pipelineInfo']['name'] == 'of-python'

    def get_pipeline_id():
        assert client.get_pipeline_id('none of it') is None
        made = client.upload_pipeline(three, "Fog's \"first\" ☁")
        assert client.get_pipeline_id("Fog's \"first\" ☁") == made.pipeline_id

    def get_pipeline():
        one = client.get_pipeline(client.get_pipeline_id('uploaded'))
        assert one.display_name == 'uploaded' and one.error is None, one
        refused(404, 5, client.get_pipeline, nowhere)
        refused(404, 5, client.get_pipeline, "' or 1=1 --")
        refused(404, 5, client.get_pipeline, '..')

    def list_pipelines():
        found = pages(client.list_pipelines, 'pipelines', sort_by='created_at desc')
        assert len(found) >= 4 and found == sorted(found, key=lambda one: one.created_at, reverse=True)
        only = client.list_pipelines(filter=filter_of(operation='EQUALS', key='display_name', stringValue='UPLOADED'))
        assert [one.display_name for one in only.pipelines] == ['uploaded'], only
        none = client.list_pipelines(filter=filter_of(operation='EQUALS', key='name', stringValue='none of it'))
        assert not none.pipelines and not none.next_page_token and not none.total_size, none

    def list_pipeline_versions():
        parent = client.get_pipeline_id('uploaded')
        found = pages(client.list_pipeline_versions, 'pipeline_versions', pipeline_id=parent, sort_by='created_at')
        assert [one.display_name for one in found] == ['uploaded', 'second', 'third', 'of a function'], found
        refused(404, 5, client.list_pipeline_versions, nowhere)
        refused(400, 3, client.list_pipeline_versions, parent, filter=filter_of(operation='EQUALS', key='x', stringValue='y'))

    def get_pipeline_version():
        parent = client.get_pipeline_id('uploaded')
        [one] = client.list_pipeline_versions(parent, page_size=1).pipeline_versions
        assert client.get_pipeline_version(parent, one.pipeline_version_id) == one
        refused(404, 5, client.get_pipeline_version, parent, nowhere)
        other = client.get_pipeline_id('function')
        refused(404, 5, client.get_pipeline_version, other, one.pipeline_version_id)

    def delete_pipeline_version():
        parent = client.get_pipeline_id('uploaded')
        one = client.upload_pipeline_version(data, 'to delete', pipeline_id=parent)
        client.delete_pipeline_version(parent, one.pipeline_version_id)
        refused(404, 5, client.get_pipeline_version, parent, one.pipeline_version_id)
        refused(404, 5, client.delete_pipeline_version, parent, one.pipeline_version_id)

    def delete_pipeline():
        one = client.upload_pipeline(three, 'to delete')
        assert 'versions' in refused(400, 3, client.delete_pipeline, one.pipeline_id)
        [version] = client.list_pipeline_versions(one.pipeline_id).pipeline_versions
        client.delete_pipeline_version(one.pipeline_id, version.pipeline_version_id)
        client.delete_pipeline(one.pipeline_id)
        refused(404, 5, client.get_pipeline, one.pipeline_id)

    def run_pipeline():
        one = experiment()
        made = client.run_pipeline(one, 'a run', three, params={'salt': 'x'}, enable_caching=False, service_account='runner')
        assert isinstance(made, api.V2beta1Run)
        assert (made.display_name, made.experiment_id, made.service_account) == ('a run', one, 'runner'), made
        assert made.runtime_config.parameters == {'salt': 'x'} and made.storage_state == 'AVAILABLE'
        parent = client.get_pipeline_id('uploaded')
        [version] = client.list_pipeline_versions(parent, page_size=1).pipeline_versions
        named = client.run_pipeline(one, 'of a version', pipeline_id=parent, version_id=version.pipeline_version_id)
        assert named.pipeline_version_reference.pipeline_version_id == version.pipeline_version_id
        refused(400, 3, client.run_pipeline, one, 'x', three, params={'nothing': 1})
        refused(400, 3, client.run_pipeline, one, 'x', three, params={'salt': 1})
        refused(404, 5, client.run_pipeline, nowhere, 'x', three)
        refused(404, 5, client.run_pipeline, one, 'x', pipeline_id=parent, version_id=nowhere)
        refused(400, 3, client.run_pipeline, one, 'x', three, pipeline_root='gs://elsewhere')
        refused(400, 3, client.run_pipeline, one, 'n' * 300, three)
        raises(ValueError, 'Must specify either', client.run_pipeline, one, 'x')

    def wait_for_run_completion():
        run = run_of('waited for')
        ended = client.wait_for_run_completion(run.run_id, **soon)
        assert ended.state == 'SUCCEEDED' and ended.finished_at > ended.created_at, ended
        other = run_of('not waited for', enable_caching=False)
        raises(TimeoutError, 'timeout', client.wait_for_run_completion, other.run_id, 0)
        as_delta = client.wait_for_run_completion(other.run_id, datetime.timedelta(seconds=60), 0.2)
        assert as_delta.state == 'SUCCEEDED'
        refused(404, 5, client.wait_for_run_completion, nowhere, 5)

    def create_run_from_pipeline_func():
        try:
            result = client.create_run_from_pipeline_func(
                of_python, arguments={}, run_name='of a function', experiment_name='functions', enable_caching=False)
            assert result.run_id and result.run_info.display_name == 'of a function'
            client.delete_run(result.run_id)
        except api.ApiException as error:
            # Processes of this machine cannot run images: that is said at once.
            assert error.status == 400 and 'say' in json.loads(error.body)['message'], error

    def create_run_from_pipeline_package():
        result = client.create_run_from_pipeline_package(data, arguments={'text': 'three'}, run_name='of a package', experiment_id=experiment())
        run = result.wait_for_run_completion(timeout=60)
        assert (run.state, run.display_name) == ('SUCCEEDED', 'of a package'), run
        tasks = {one.display_name: one for one in run.run_details.task_details}
        assert tasks['measure'].inputs['words'].artifact_ids == tasks['make'].outputs['words'].artifact_ids
        raises(ValueError, 'both', client.create_run_from_pipeline_package, data, experiment_id='x', experiment_name='y')

    def get_run():
        run = run_of('to get')
        assert client.get_run(run.run_id).display_name == 'to get'
        for wrong in (nowhere, 'a b', '../pipelines', "';--", 'ü'):
            refused(404, 5, client.get_run, wrong)

    def list_runs():
        one = experiment('runs to list')
        ids = [client.run_pipeline(one, f'run {index}', three).run_id for index in range(5)]
        found = pages(client.list_runs, 'runs', experiment_id=one, sort_by='created_at desc')
        assert [run.run_id for run in found] == ids[::-1]
        for run_id in ids:
            client.wait_for_run_completion(run_id, **soon)
        done = client.list_runs(experiment_id=one, filter=filter_of(operation='EQUALS', key='state', stringValue='succeeded'))
        assert done.total_size == 5, done.total_size
        refused(404, 5, client.list_runs, experiment_id=nowhere)
        refused(400, 3, client.list_runs, sort_by='created_at sideways')

    def terminate_run():
        open(os.path.join(folder, 'wait'), 'w').close()
        try:
            run = run_of('to end', params={'folder': folder}, enable_caching=False)
            while client.get_run(run.run_id).state == 'PENDING':
                time.sleep(0.1)
            client.terminate_run(run.run_id)
            while client.get_run(run.run_id).state != 'CANCELED':
                time.sleep(0.1)
        finally:
            os.remove(os.path.join(folder, 'wait'))
        refused(400, 9, client.terminate_run, run.run_id)
        refused(404, 5, client.terminate_run, nowhere)

    def archive_run():
        run = run_of('put away')
        client.archive_run(run.run_id)
        assert client.get_run(run.run_id).storage_state == 'ARCHIVED'
        refused(404, 5, client.archive_run, nowhere)

    def unarchive_run():
        run = run_of('brought back')
        client.archive_run(run.run_id)
        client.unarchive_run(run.run_id)
        assert client.get_run(run.run_id).storage_state == 'AVAILABLE'
        refused(404, 5, client.unarchive_run, nowhere)

    def delete_run():
        run = run_of('to delete')
        client.delete_run(run.run_id)
        refused(404, 5, client.get_run, run.run_id)
        refused(404, 5, client.delete_run, run.run_id)

    def create_recurring_run():
        start = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)
        made = client.create_recurring_run(
            experiment(), 'nightly', description='each night', start_time=start.isoformat(), cron_expression='0 0 6 * * 1',
            max_concurrency=3, no_catchup=True, params={'salt': '[[ScheduledTime]]'}, pipeline_package_path=three,
            service_account='runner')
        assert isinstance(made, api.V2beta1RecurringRun)
        assert (made.display_name, made.description, made.max_concurrency) == ('nightly', 'each night', '3'), made
        assert (made.no_catchup, made.status, made.mode) == (True, 'ENABLED', 'ENABLE'), made
        assert made.trigger.cron_schedule.cron == '0 0 6 * * 1' and made.trigger.cron_schedule.start_time == start
        parent = client.get_pipeline_id('uploaded')
        [version] = client.list_pipeline_versions(parent, page_size=1).pipeline_versions
        often = client.create_recurring_run(
            experiment(), 'often', interval_second=86400, pipeline_id=parent, version_id=version.pipeline_version_id, enabled=False)
        assert often.trigger.periodic_schedule.interval_second == '86400' and often.status == 'DISABLED'
        assert often.pipeline_version_reference.pipeline_id == parent
        refused(400, 3, client.create_recurring_run, experiment(), 'x', cron_expression='soon', pipeline_package_path=three)
        refused(400, 3, client.create_recurring_run, experiment(), 'x', interval_second=60, max_concurrency=11, pipeline_package_path=three)
        refused(400, 3, client.create_recurring_run, experiment(), 'x', interval_second=-1, pipeline_package_path=three)
        refused(400, 3, client.create_recurring_run, experiment(), 'x', interval_second=60, pipeline_package_path=three, params={'nothing': 1})
        raises(ValueError, 'is required', client.create_recurring_run, experiment(), 'x', pipeline_package_path=three)

    def get_recurring_run():
        [one] = client.list_recurring_runs(filter=filter_of(operation='EQUALS', key='display_name', stringValue='nightly')).recurring_runs
        assert client.get_recurring_run(one.recurring_run_id) == one
        assert client.get_recurring_run(job_id=one.recurring_run_id, recurring_run_id=None) == one
        refused(404, 5, client.get_recurring_run, nowhere)

    def list_recurring_runs():
        for index in range(3):
            client.create_recurring_run(experiment('again'), f'again {index}', interval_second=86400, pipeline_package_path=three, enabled=False)
        found = pages(client.list_recurring_runs, 'recurring_runs', experiment_id=experiment('again'), sort_by='display_name desc')
        assert [one.display_name for one in found] == ['again 2', 'again 1', 'again 0'], found
        refused(400, 3, client.list_recurring_runs, sort_by='nothing')

    def recurring(verb, call):
        [one] = client.list_recurring_runs(filter=filter_of(operation='EQUALS', key='display_name', stringValue='again 0')).recurring_runs
        call(one.recurring_run_id)
        refused(404, 5, call, nowhere)
        if verb == 'delete':
            refused(404, 5, client.get_recurring_run, one.recurring_run_id)
            client.create_recurring_run(experiment('again'), 'again 0', interval_second=86400, pipeline_package_path=three)
        else:
            assert client.get_recurring_run(one.recurring_run_id).status == verb

    def enable_recurring_run():
        Methods.recurring('ENABLED', client.enable_recurring_run)

    def disable_recurring_run():
        Methods.recurring('DISABLED', client.disable_recurring_run)

    def delete_recurring_run():
        Methods.recurring('delete', client.delete_recurring_run)

    def enable_job():
        Methods.recurring('ENABLED', client.enable_job)

    def disable_job():
        Methods.recurring('DISABLED', client.disable_job)

    def delete_job():
        Methods.recurring('delete', client.delete_job)


def refused_upload(status, call, *args, **kwargs):
    """KFP's server of uploads has a form of its own."""
    try:
        call(*args, **kwargs)
    except api.ApiException as error:
        body = json.loads(error.body)
        assert error.status == status and body['error_message'] and body['error_details'], error
        return body
    raise AssertionError('the upload was taken')


def spec():
    import yaml
    with open(three) as file:
        return yaml.safe_load(file)


class Generated:
    """What kfp.Client offers of the generated client beyond its own methods."""

    def auths_auth_service_authorize():
        client.auths.auth_service_authorize(namespace='team', resources='VIEWERS', verb='CREATE')

    def pipelines_pipeline_service_create_pipeline():
        made = client.pipelines.pipeline_service_create_pipeline(
            api.V2beta1Pipeline(display_name='bare', name='bare', description='without a version', tags={'team': 'fog'}))
        assert made.tags == {'team': 'fog'} and made.name == 'bare', made
        refused(409, 6, client.pipelines.pipeline_service_create_pipeline, api.V2beta1Pipeline(display_name='bare', name='bare'))
        refused(400, 3, client.pipelines.pipeline_service_create_pipeline, api.V2beta1Pipeline())

    def pipelines_pipeline_service_create_pipeline_version():
        parent = client.get_pipeline_id('bare')
        version = api.V2beta1PipelineVersion(
            pipeline_id=parent, display_name='Made', name='made', pipeline_spec=spec(), code_source_url='https://example.com/source')
        made = client.pipelines.pipeline_service_create_pipeline_version(parent, version)
        assert (made.name, made.display_name, made.code_source_url) == ('made', 'Made', 'https://example.com/source'), made
        refused(409, 6, client.pipelines.pipeline_service_create_pipeline_version, parent, version)
        gone = api.V2beta1PipelineVersion(display_name='gone', package_url=api.V2beta1Url(pipeline_url=f'{host}/nothing.yaml'))
        refused(400, 3, client.pipelines.pipeline_service_create_pipeline_version, parent, gone)

    def pipelines_pipeline_service_create_pipeline_and_version():
        made = client.pipelines.pipeline_service_create_pipeline_and_version(
            api.V2beta1CreatePipelineAndVersionRequest(
                pipeline=api.V2beta1Pipeline(display_name='both'),
                pipeline_version=api.V2beta1PipelineVersion(display_name='first', pipeline_spec=spec())))
        [version] = client.list_pipeline_versions(made.pipeline_id).pipeline_versions
        assert made.display_name == 'both' and version.display_name == 'first', (made, version)

    def pipelines_pipeline_service_get_pipeline_by_name():
        for name in ('both', "Fog's \"first\" ☁"):
            assert client.pipelines.pipeline_service_get_pipeline_by_name(name).display_name == name
        refused(404, 5, client.pipelines.pipeline_service_get_pipeline_by_name, 'none of it')

    def pipelines_pipeline_service_update_pipeline():
        parent = client.get_pipeline_id('both')
        made = client.pipelines.pipeline_service_update_pipeline(
            parent, api.V2beta1Pipeline(pipeline_id=parent, display_name='both of them', description='new', tags={'a': 'b'}))
        assert (made.display_name, made.description, made.tags) == ('both of them', 'new', {'a': 'b'}), made
        assert client.get_pipeline(parent) == made
        refused(404, 5, client.pipelines.pipeline_service_update_pipeline, nowhere, api.V2beta1Pipeline(display_name='x'))

    def pipelines_pipeline_service_update_pipeline_version():
        parent = client.get_pipeline_id('both of them')
        [one] = client.list_pipeline_versions(parent).pipeline_versions
        made = client.pipelines.pipeline_service_update_pipeline_version(
            parent, one.pipeline_version_id, api.V2beta1PipelineVersion(display_name='First', tags={'live': 'true'}))
        assert (made.display_name, made.tags, made.pipeline_spec) == ('First', {'live': 'true'}, one.pipeline_spec), made
        refused(404, 5, client.pipelines.pipeline_service_update_pipeline_version, parent, nowhere, api.V2beta1PipelineVersion())

    def pipelines_pipeline_service_delete_pipeline():
        parent = client.get_pipeline_id('both of them')
        client.pipelines.pipeline_service_delete_pipeline(parent, cascade=True)
        refused(404, 5, client.get_pipeline, parent)

    def runs_run_service_retry_run():
        note = os.path.join(folder, 'fail')
        open(note, 'w').close()
        try:
            run = run_of('to retry', params={'folder': folder, 'salt': 'retry'}, enable_caching=False)
            failed = client.wait_for_run_completion(run.run_id, **soon)
        finally:
            os.remove(note)
        assert failed.state == 'FAILED' and failed.error.message, failed
        [broken] = [one for one in failed.run_details.task_details if one.state == 'FAILED']
        assert broken.display_name == 'third' and broken.error.message, broken
        client.runs.run_service_retry_run(run.run_id)
        assert client.wait_for_run_completion(run.run_id, **soon).state == 'SUCCEEDED'
        refused(400, 9, client.runs.run_service_retry_run, run.run_id)


# The rest of the generated APIs is what the methods above call.
absent = {
    'dummy_filters_dummy_filter_service_get_filter',
    'reports_report_service_report_scheduled_workflow',
    'reports_report_service_report_workflow',
    'visualizations_visualization_service_create_visualization_v1',
}


def public(owner):
    return [name for name in dir(owner) if not name.startswith('_')]


methods = [name for name, _ in inspect.getmembers(kfp.Client, callable) if not name.startswith('_')]
generated = sorted(
    f'{group}_{name}' for group in vars(client) if not group.startswith('_')
    for name in public(getattr(client, group)) if inspect.ismethod(getattr(getattr(client, group), name)))
functions = {
    **{name: getattr(Methods, name) for name in public(Methods) if name != 'recurring'},
    **{name: getattr(Generated, name) for name in public(Generated)},
}
# Those that make things come before those that look at them: in the order of the source.
ordered = dict(sorted(functions.items(), key=lambda item: item[1].__code__.co_firstlineno))
try_all(ordered, {'methods': methods, 'generated': generated, 'absent': sorted(absent)})
