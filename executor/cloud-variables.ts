/** Variables by which the clients of object stores know where their service is, and who is asking. */

/** Those of Google Cloud Storage, without files of credentials. */
export const googleVariables = [
  'GOOGLE_CLOUD_PROJECT',
  'STORAGE_EMULATOR_HOST',
  'FERRULE_GCS_ENDPOINT',
] as const;

/** Those of S3, as the AWS SDK reads them. */
export const amazonVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
] as const;
