/**
 * What the SDK takes from the platform, for the bundle (`scripts/build.mjs`): by default a validator of JSON Schema that is a
 * fifth of all that a start loads. It checks what a person typed into a form; this one of the SDK's does as well.
 */
export { default as process } from 'node:process';
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
