"""What kfp.Client does: host, two documents and a pipeline root are arguments."""

import json
import sys
import warnings

warnings.simplefilter('ignore')
from kfp.client import Client
from steps import Steps

host, first, second, root = sys.argv[1:]
step = Steps(host)
client = Client(host=host, existing_token='a-token', namespace='team')
step('health')
client.get_kfp_healthz()
step('upload')
pipeline = client.upload_pipeline(first, description='says hello', namespace='team')
step('upload-version')
version = client.upload_pipeline_version(
    second, 'v2', pipeline_id=pipeline.pipeline_id, description='says it twice')
step('list-pipelines')
client.list_pipelines(namespace='team', page_size=100)
step('list-versions')
client.list_pipeline_versions(pipeline.pipeline_id, page_size=100, sort_by='created_at desc')
step('experiment')
experiment = client.create_experiment('tests', namespace='team')
step('run-of-spec')
run = client.run_pipeline(
    experiment.experiment_id, 'a run', pipeline_package_path=first,
    params={'text': 'hi', 'count': 3}, pipeline_root=root, enable_caching=False,
    service_account='runner')
step('run-of-version')
other = client.run_pipeline(
    experiment.experiment_id, 'another', pipeline_id=pipeline.pipeline_id,
    version_id=version.pipeline_version_id, params={'text': 'hi'})
step('get-run')
client.get_run(run.run_id)
step('list-runs')
client.list_runs(page_size=5, sort_by='created_at desc', namespace='team')
step('terminate')
client.terminate_run(run.run_id)
step('archive')
client.archive_run(run.run_id)
step('unarchive')
client.unarchive_run(run.run_id)
step('retry')
try:
    client.runs.run_service_retry_run(run.run_id)
except Exception:
    pass
step('delete-run')
client.delete_run(other.run_id)
step('recurring-cron')
nightly = client.create_recurring_run(
    experiment.experiment_id, 'nightly', description='each night', cron_expression='0 0 6 * * 1',
    start_time='2026-02-01T00:00:00Z', max_concurrency=3, no_catchup=True,
    params={'text': 'hi'}, pipeline_package_path=first)
step('recurring-interval')
client.create_recurring_run(
    experiment.experiment_id, 'often', interval_second=600, enabled=False,
    params={'text': 'hi'}, pipeline_package_path=first)
step('get-recurring')
client.get_recurring_run(nightly.recurring_run_id)
step('disable')
client.disable_recurring_run(nightly.recurring_run_id)
step('enable')
client.enable_recurring_run(nightly.recurring_run_id)
step('list-recurring')
client.list_recurring_runs(page_size=5, sort_by='created_at desc', namespace='team')
step('runs-of-recurring')
of_nightly = {'operation': 1, 'key': 'recurring_run_id', 'stringValue': nightly.recurring_run_id}
client.list_runs(
    page_size=5, sort_by='created_at desc', namespace='team', filter=json.dumps({'predicates': [of_nightly]}))
step('delete-recurring')
client.delete_recurring_run(nightly.recurring_run_id)
step('archive-experiment')
client.archive_experiment(experiment.experiment_id)
step('delete-experiment')
client.delete_experiment(experiment.experiment_id)
step('delete-version')
client.delete_pipeline_version(pipeline.pipeline_id, version.pipeline_version_id)
