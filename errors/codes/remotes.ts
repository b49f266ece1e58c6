/** FER8xxx: services that pipelines are handed to: registries of templates, KFP, Vertex AI. */
export const remoteCodes = {
  FER8001: 'A remote service cannot be reached, or does not answer',
  FER8002: 'A remote service refused the credentials, or there are none for it',
  FER8003: 'A remote service does not allow what was asked',
  FER8004: 'A remote service does not have what was asked for',
  FER8005: 'A remote service already has something else under this name',
  FER8006: 'A document is too large for a remote service',
  FER8007: 'A remote service refused a request',
  FER8008: 'A remote service is overloaded, or failed',
  FER8009: 'Something that is no answer of the service came from its address',
  FER8010: 'The address of a remote service is missing, or is none',
  FER8011: 'A backend cannot run a pipeline',
  FER8012: 'A remote run did not end in the time that was given',
  FER8013: 'A name, version or tag of a template is not one',
  FER8014: 'A setting of a remote run or schedule is missing, or does not fit the backend',
  FER8015: 'A run or task failed on another backend',
  FER8016: 'A run that is due by a schedule cannot begin',
} as const;
