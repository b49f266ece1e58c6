"""What the SDK of Vertex AI does: address of the record and a document are arguments."""

import logging
import sys

logging.disable(logging.CRITICAL)
from google.cloud import aiplatform
from google.oauth2.credentials import Credentials
from steps import Steps

record, document, template = sys.argv[1:]
step = Steps(record)
aiplatform.init(
    project='my-project', location='us-central1', staging_bucket='gs://staging',
    credentials=Credentials(token='a-token'), api_transport='rest')
step('create')
job = aiplatform.PipelineJob(
    display_name='a run', template_path=document, job_id='greet-1',
    parameter_values={'text': 'hi', 'count': 3, 'items': [1, 'a', None], 'deep': {'a': {'b': True}}},
    enable_caching=False, labels={'team': 'vision'}, failure_policy='fast',
    encryption_spec_key_name='projects/p/locations/l/keyRings/r/cryptoKeys/k')
job.submit(service_account='sa@p.iam.gserviceaccount.com', network='projects/1/global/networks/net',
           reserved_ip_ranges=['range'])
step('create-of-template')
other = aiplatform.PipelineJob(
    display_name='another', template_path=template, job_id='greet-2', pipeline_root='gs://other/root',
    parameter_values={'text': 'hi'})
other.submit()
step('get')
aiplatform.PipelineJob.get('greet-1')
step('list')
aiplatform.PipelineJob.list(filter='display_name="a run"', order_by='create_time desc')
step('cancel')
other.cancel()
step('delete')
other.delete()
step('schedule')
schedule = job.create_schedule(
    cron='TZ=Europe/Berlin 0 6 * * *', display_name='nightly', start_time='2026-02-01T00:00:00Z',
    allow_queueing=True, max_run_count=5, max_concurrent_run_count=2,
    service_account='sa@p.iam.gserviceaccount.com')
step('update')
schedule.update(display_name='daily', cron='0 7 * * *', max_concurrent_run_count=3)
step('pause')
schedule.pause()
step('resume')
schedule.resume(catch_up=True)
step('runs-of-schedule')
schedule.list_jobs(order_by='create_time desc', enable_simple_view=False)
step('list-schedules')
aiplatform.PipelineJobSchedule.list(filter='display_name="daily"', order_by='create_time desc')
step('delete-schedule')
schedule.delete()
