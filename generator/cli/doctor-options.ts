/** The options of `netgen doctor`: names, kinds, and what `--help` says of them. */
export const DOCTOR_OPTIONS = {
  group: {
    type: 'string',
    requiresArg: true,
    describe: 'The group whose subjects are tried. Default: NET_GROUP, then "default"',
  },
  monitoring: {
    type: 'string',
    requiresArg: true,
    describe: 'The monitoring port of a server, such as http://localhost:8222, for what it alone says',
  },
  permissions: {
    type: 'boolean',
    default: false,
    describe: 'Print what a server has to permit to a user of the group, and nothing else',
  },
  durable: { type: 'boolean', default: false, describe: 'With --permissions: durable events too' },
  json: { type: 'boolean', default: false, describe: 'Print one JSON document to standard output' },
} as const
