/** What Vertex AI answers, read once: https://cloud.google.com/vertex-ai/docs/reference/rest. */
import { z } from 'zod';

const text = z.string().optional();
const status = z.object({ code: z.number().optional(), message: text });
const artifacts = z.object({ artifacts: z.array(z.object({ name: text, uri: text })).optional() });

const taskAnswer = z.object({
  taskId: z.coerce.string(),
  parentTaskId: z.coerce.string().optional(),
  taskName: text,
  startTime: text,
  endTime: text,
  state: text,
  error: status.optional(),
  outputs: z.record(z.string(), artifacts).optional(),
});
export type VertexTask = z.infer<typeof taskAnswer>;

export const jobAnswer = z.object({
  name: z.string(),
  displayName: text,
  state: text,
  createTime: text,
  startTime: text,
  endTime: text,
  error: status.optional(),
  jobDetail: z.object({ taskDetails: z.array(taskAnswer).optional() }).optional(),
});
export type VertexJob = z.infer<typeof jobAnswer>;

export const jobsPage = z.object({ pipelineJobs: z.array(jobAnswer).optional(), nextPageToken: text });

export const scheduleAnswer = z.object({
  name: z.string(),
  displayName: text,
  state: text,
  cron: text,
  startTime: text,
  endTime: text,
  nextRunTime: text,
  createTime: text,
  maxConcurrentRunCount: z.coerce.string().optional(),
});
export type VertexSchedule = z.infer<typeof scheduleAnswer>;

export const schedulesPage = z.object({ schedules: z.array(scheduleAnswer).optional(), nextPageToken: text });
