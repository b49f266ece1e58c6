"""Calls each command of `kfp` that talks to a server: host and folder are arguments."""
import json
import os
import sys
import tempfile
import warnings

warnings.filterwarnings('ignore')
os.environ['HOME'] = tempfile.mkdtemp()

from click.testing import CliRunner  # noqa: E402
from kfp.cli import cli as program  # noqa: E402
import kfp_server_api as api  # noqa: E402
from trying import try_all  # noqa: E402

host, folder = sys.argv[1:3]
three = os.path.join(folder, 'three.yaml')
data = os.path.join(folder, 'data.yaml')
nowhere = '00000000-0000-4000-8000-000000000000'


def kfp(*args, output='json', answer=None):
    """Calls the command line; gives what it printed, without the links before it."""
    ran = CliRunner().invoke(
        program.cli, ['--endpoint', host, '--output', output, *args], obj={}, auto_envvar_prefix='KFP', input=answer)
    if ran.exception is not None:
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    if output != 'json':
        return ran.output
    lines = ran.output.splitlines()
    first = next((index for index, line in enumerate(lines) if line[:1] in '{["'), None)
    return None if first is None else json.loads('\n'.join(lines[first:]))


def missing(*args, **more):
    try:
        kfp(*args, **more)
    except api.ApiException as error:
        assert error.status == 404 and json.loads(error.body)['code'] == 5, error
        return
    raise AssertionError(f'{args} found something')


known = {}


class Commands:
    def pipeline_create():
        made = kfp('pipeline', 'create', '-p', 'cli', '-d', 'by hand', three)
        assert made['display_name'] == 'cli' and made['description'] == 'by hand', made
        known['pipeline'] = made['pipeline_id']
        assert 'cli table' in kfp('pipeline', 'create', '-p', 'cli table', data, output='table')

    def pipeline_create_version():
        made = kfp('pipeline', 'create-version', data, '-v', 'v2', '-n', 'cli')
        assert made['pipeline_id'] == known['pipeline'] and made['display_name'] == 'v2', made
        known['version'] = made['pipeline_version_id']
        kfp('pipeline', 'create-version', data, '-v', 'v3', '-p', known['pipeline'])

    def pipeline_list():
        names = [one['display_name'] for one in kfp('pipeline', 'list', '--sort-by', 'created_at desc', '-m', '2')]
        assert names == ['cli table', 'cli'], names
        table = kfp('pipelines', 'list', '--filter', json.dumps(
            {'predicates': [{'operation': 'EQUALS', 'key': 'display_name', 'stringValue': 'cli'}]}), output='table')
        assert 'CREATED AT' in table and known['pipeline'] in table, table

    def pipeline_list_versions():
        found = kfp('pipeline', 'list-versions', known['pipeline'], '--sort-by', 'created_at')
        assert [one['display_name'] for one in found] == ['cli', 'v2', 'v3'], found
        assert 'v3' in kfp('pipeline', 'list-versions', known['pipeline'], output='table')

    def pipeline_get():
        assert kfp('pipeline', 'get', known['pipeline'])['display_name'] == 'cli'
        missing('pipeline', 'get', nowhere)

    def pipeline_get_version():
        assert kfp('pipeline', 'get-version', known['pipeline'], known['version'])['display_name'] == 'v2'
        missing('pipeline', 'get-version', known['pipeline'], nowhere)

    def experiment_create():
        made = kfp('experiment', 'create', '-d', 'of runs', 'cli')
        assert made['display_name'] == 'cli' and made['description'] == 'of runs', made
        known['experiment'] = made['experiment_id']
        assert known['experiment'] in kfp('experiment', 'create', 'cli', output='table')

    def experiment_list():
        assert known['experiment'] in [one['experiment_id'] for one in kfp('experiment', 'list', '-m', '50')]
        assert 'cli' in kfp('experiments', 'list', '--sort-by', 'created_at desc', output='table')

    def experiment_get():
        assert kfp('experiment', 'get', known['experiment'])['display_name'] == 'cli'
        missing('experiment', 'get', nowhere)

    def experiment_archive():
        assert kfp('experiment', 'archive', '--experiment-id', known['experiment'])['storage_state'] == 'ARCHIVED'

    def experiment_unarchive():
        assert kfp('experiment', 'unarchive', '--experiment-name', 'cli')['storage_state'] == 'AVAILABLE'

    def experiment_delete():
        made = kfp('experiment', 'create', 'to delete')
        assert kfp('experiment', 'delete', made['experiment_id'], answer='y\n', output='table')
        missing('experiment', 'get', made['experiment_id'])

    def run_create():
        made = kfp('run', 'create', '-e', 'cli', '-r', 'by hand', '-f', data, '-t', '60', 'text=five!')
        assert made['state'] == 'SUCCEEDED' and made['display_name'] == 'by hand', made
        assert made['runtime_config']['parameters'] == {'text': 'five!'}, made
        known['run'] = made['run_id']
        watched = kfp('run', 'create', '-e', 'cli', '-r', 'watched', '-n', 'cli', '-v', known['version'], '-w', output='table')
        assert 'finished with state SUCCEEDED' in watched, watched

    def run_list():
        found = kfp('run', 'list', '-e', known['experiment'], '--sort-by', 'created_at')
        assert [one['display_name'] for one in found] == ['by hand', 'watched'], found
        assert 'SUCCEEDED' in kfp('runs', 'list', '-m', '1', output='table')

    def run_get():
        assert kfp('run', 'get', known['run'])['run_details']['task_details'], known
        assert 'finished with state' in kfp('run', 'get', '-w', known['run'], output='table')
        missing('run', 'get', nowhere)

    def run_archive():
        assert kfp('run', 'archive', known['run'])['storage_state'] == 'ARCHIVED'

    def run_unarchive():
        assert kfp('run', 'unarchive', known['run'])['storage_state'] == 'AVAILABLE'

    def run_delete():
        kfp('run', 'delete', known['run'], answer='y\n', output='table')
        missing('run', 'get', known['run'])

    def recurring_run_create():
        made = kfp(
            'recurring-run', 'create', '--job-name', 'cli', '--experiment-name', 'cli', '--interval-second', '86400',
            '--enabled', '--catchup', '--description', 'again', '--pipeline-package-path', data, '--max-concurrency', '2', 'text=x=y')
        assert made['status'] == 'ENABLED' and made['max_concurrency'] == '2' and not made['no_catchup'], made
        assert made['runtime_config']['parameters'] == {'text': 'x=y'}, made
        known['recurring'] = made['recurring_run_id']
        kfp('recurring-run', 'create', '--job-name', 'cron', '--experiment-id', known['experiment'], '--cron-expression',
            '0 0 9 ? * 2-6', '--pipeline-id', known['pipeline'], '--version-id', known['version'], '--disabled', output='table')

    def recurring_run_list():
        found = kfp('recurring-run', 'list', '-e', known['experiment'], '--sort-by', 'created_at')
        assert [one['display_name'] for one in found] == ['cli', 'cron'], found

    def recurring_run_get():
        assert kfp('recurring-run', 'get', known['recurring'])['display_name'] == 'cli'
        missing('recurring-run', 'get', nowhere)

    def recurring_run_disable():
        assert kfp('recurring-run', 'disable', known['recurring'])['status'] == 'DISABLED'

    def recurring_run_enable():
        assert kfp('recurring-run', 'enable', known['recurring'])['status'] == 'ENABLED'

    def recurring_run_delete():
        kfp('recurring-run', 'delete', known['recurring'], answer='y\n', output='table')
        missing('recurring-run', 'get', known['recurring'])

    def pipeline_delete_version():
        kfp('pipeline', 'delete-version', known['pipeline'], known['version'], answer='y\n', output='table')
        missing('pipeline', 'get-version', known['pipeline'], known['version'])

    def pipeline_delete():
        for version in kfp('pipeline', 'list-versions', known['pipeline']):
            kfp('pipeline', 'delete-version', known['pipeline'], version['pipeline_version_id'], answer='y\n', output='table')
        kfp('pipeline', 'delete', known['pipeline'], answer='y\n', output='table')
        missing('pipeline', 'get', known['pipeline'])


groups = program.COMMANDS['client']
commands = sorted(f'{group.name}_{name}'.replace('-', '_') for group in groups for name in group.commands)
functions = {name: one for name, one in vars(Commands).items() if not name.startswith('_')}
try_all(functions, {'commands': commands})
