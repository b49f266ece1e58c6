"""Uses a server as a person would from a notebook, through KFP's own client: up to the end of a run, or step by step."""
import argparse
import json
import ssl
import sys
import urllib.request
import warnings

warnings.filterwarnings('ignore')

import kfp  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument('step', choices=['all', 'start', 'finish'])
parser.add_argument('host')
parser.add_argument('--token')
parser.add_argument('--ca')
parser.add_argument('--package')
parser.add_argument('--parameters', default='{}')
parser.add_argument('--run')
parser.add_argument('--task')
options = parser.parse_args()
# KFP's client prints links.
out, sys.stdout = sys.stdout, sys.stderr
client = kfp.Client(host=options.host, existing_token=options.token, ssl_ca_cert=options.ca)


def start():
    name = f'deployed {len(client.list_pipelines().pipelines or [])}'
    pipeline = client.upload_pipeline(options.package, pipeline_name=name)
    version = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0]
    experiment = client.create_experiment('deployed')
    return client.run_pipeline(
        experiment.experiment_id, 'a run', pipeline_id=pipeline.pipeline_id,
        version_id=version.pipeline_version_id, params=json.loads(options.parameters)).run_id


def log(run_id):
    request = urllib.request.Request(
        f'{options.host}/apis/v2beta1/runs/{run_id}/nodes/{options.task}/log',
        headers={'Authorization': f'Bearer {options.token}'} if options.token else {})
    trust = ssl.create_default_context(cafile=options.ca) if options.ca else None
    with urllib.request.urlopen(request, context=trust) as answer:
        return answer.read().decode()


def finish(run_id):
    ended = client.wait_for_run_completion(run_id, timeout=150, sleep_duration=0.3)
    listed = [one.run_id for one in client.list_runs(page_size=100).runs]
    said = log(run_id) if options.task else None
    client.delete_run(run_id)
    left = [one.run_id for one in client.list_runs(page_size=100).runs or []]
    return {
        'state': ended.state,
        'tasks': {one.display_name: one.state for one in ended.run_details.task_details},
        'listed': run_id in listed,
        'log': said,
        'deleted': run_id not in left,
    }


if options.step == 'start':
    result = {'run': start()}
else:
    result = finish(options.run or start())
print(json.dumps(result), file=out)
