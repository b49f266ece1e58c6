/** Small compiled pipelines to upload and run. */
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import type { Template } from '../../remotes/ports.ts';

/** Writes a document whose pipeline prints a text. */
export function documentOf(name: string, text = 'hello', extra = ''): string {
  return `components:
  comp-say:
    executorLabel: exec-say
    inputDefinitions:
      parameters:
        text:
          parameterType: STRING
deploymentSpec:
  executors:
    exec-say:
      container:
        command: [echo, "${text}"]
        image: busybox
pipelineInfo:
  name: ${name}
root:
  dag:
    tasks:
      say:
        cachingOptions:
          enableCache: true
        componentRef:
          name: comp-say
        inputs:
          parameters:
            text:
              componentInputParameter: text
        taskInfo:
          name: say
  inputDefinitions:
    parameters:
      count:
        defaultValue: 2.0
        isOptional: true
        parameterType: NUMBER_INTEGER
      text:
        parameterType: STRING
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.0
${extra}`;
}

export function templateOf(name: string, text?: string, extra?: string): Template {
  const content = documentOf(name, text, extra);
  const fileName = `${name}.yaml`;
  return { compiled: readPipelineDocument(content, fileName), text: content, fileName };
}

/** A second document, with a setting that only Kubernetes knows. */
export const platform = `---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-say:
          nodeSelector:
            labels:
              disk: fast
`;
