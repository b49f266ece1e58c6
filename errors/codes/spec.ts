/** FER3xxx: a PipelineSpec that does not read. */
export const specCodes = {
  FER3001: 'The document is not YAML or JSON',
  FER3002: 'The document is not a valid PipelineSpec',
  FER3003: 'A parameter value does not have the type its definition asks for',
  FER3004: 'A parameter is missing, or is not one of the pipeline',
  FER3005: 'A name in the document leads nowhere',
  FER3006: 'A placeholder in a container does not read, or stands for nothing',
  FER3007: 'A condition or a selector does not read',
  FER3008: 'The document is of another kind, or of a KFP that is too old',
  FER3009: 'A component of KFP 1 cannot be converted',
} as const;
