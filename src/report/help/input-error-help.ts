import type { ErrorCode } from '../../base/error-codes.ts';
import type { ErrorHelp } from './help.ts';

const nothingDone = 'The command stopped at once. Nothing was read or changed.';

/** Errors of what was typed, of files that were given, and of this machine. */
export const inputErrorHelp = {
  AUTH_KIND: {
    outcomes: ['usage'],
    cause: '`--auth` or KEYTURN_AUTH names a way to sign in that keyturn does not know.',
    consequence: nothingDone,
    remedy: 'Use `default`, `cli`, `env`, `workload`, `github`, `pipelines` or `managed-identity`.',
  },
  BUG: {
    outcomes: ['bug'],
    cause: 'keyturn met something that it does not expect. It is an error in keyturn, and not in what you did.',
    consequence: 'The command ended. Writes that were begun are in the journal, and the next run asks Azure how they ended.',
    remedy: 'Run the command again with `--debug` and report the lines. For a plan, `keyturn status PLAN` shows how things stand.',
  },
  CLOUD_PROFILE: {
    outcomes: ['usage'],
    cause:
      '`--cloud` or KEYTURN_CLOUD names neither a cloud nor a readable file, or the file is not a cloud profile, or the certificate that it names cannot be read.',
    consequence: nothingDone,
    remedy: 'Use `public`, `usgov`, `china`, or the path of a profile. docs/sandbox.md shows what a profile holds.',
  },
  CUSTOM_ROLE_SCOPE: {
    outcomes: ['usage'],
    cause: '`keyturn map --custom-role` names a scope at which keyturn does not make custom roles assignable.',
    consequence: 'Nothing was mapped.',
    remedy: 'Give the id of a subscription or of a resource group, such as `/subscriptions/…`.',
  },
  DISK: {
    outcomes: ['failed'],
    cause:
      'A file or folder of this machine cannot be used: the disk is full or read-only, or you may not write there. The error names the place.',
    consequence: 'Every write to Azure is noted in the journal before it is made, so none was made that the journal does not know of.',
    remedy: 'Make room, get the right, or give another place with `--state`, and run the same command again.',
  },
  STATE_ADDRESS: {
    outcomes: ['usage'],
    cause: '`--state` or KEYTURN_STATE holds an address that cannot keep a state.',
    consequence: 'Nothing was read or changed.',
    remedy:
      'Write it as `https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER`, without a signature: keyturn signs in to it as to Azure. Or name a folder of this machine.',
  },
  STATE_BUSY: {
    outcomes: ['blocked'],
    cause: '`keyturn state copy` was asked to copy a state that a run works with, or into one.',
    consequence: 'Nothing was copied: the copy would lack what that run writes next.',
    remedy: 'Wait for the run to end, then copy again. `keyturn state show` says who works with it.',
  },
  STATE_UNREACHABLE: {
    outcomes: ['failed'],
    cause: 'The storage account that keeps the state did not answer, or did not let you in. The error says what it answered.',
    consequence: 'Every write to Azure is noted in the journal before it is made, so none was made that the journal does not know of.',
    remedy:
      'Get the role Storage Blob Data Contributor on the container, let this machine through the firewall of the account, and run the same command again.',
  },
  HELP_UNKNOWN: {
    outcomes: ['usage'],
    cause: '`keyturn help` was given a word that is neither a command nor a code of a finding or an error.',
    consequence: 'Nothing was shown.',
    remedy: 'Run `keyturn help` for the commands. docs/findings.md and docs/errors.md list the codes.',
  },
  LIST_EMPTY: {
    outcomes: ['usage'],
    cause: 'The file given with `--from` holds no vault.',
    consequence: 'keyturn does not take an empty list for every vault in reach, so nothing was read.',
    remedy: 'Look at what wrote the file. Leave `--from` out to mean every vault in reach.',
  },
  LIST_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The file given with `--from` cannot be read, or is JSON that holds no list of vaults.',
    consequence: nothingDone,
    remedy: 'Give a file with a name or resource id a line, or what `keyturn inventory --json` printed.',
  },
  MANAGED_HSM: {
    outcomes: ['usage'],
    cause: 'A word names a Managed HSM. It has local roles and no access policies.',
    consequence: nothingDone,
    remedy: 'Leave it out: there is nothing to migrate.',
  },
  MANAGEMENT_GROUP_WORD: {
    outcomes: ['usage'],
    cause: 'The value of `--management-group` cannot be a management group.',
    consequence: nothingDone,
    remedy: 'Give the name or id of the management group.',
  },
  MAP_INPUT: {
    outcomes: ['usage'],
    cause:
      'What was piped into `keyturn map` is not JSON, is too long, or holds an item that is neither a permission set, nor a policy, nor a vault.',
    consequence: 'The mapping stopped there. With `--json`, the lines that were printed before it stand.',
    remedy: 'Correct the item that the error names. docs/mapping.md shows what is read.',
  },
  MAP_NOTHING: {
    outcomes: ['usage'],
    cause: '`keyturn map` was given neither permissions nor input.',
    consequence: 'Nothing was mapped.',
    remedy: 'Name permissions, such as `keyturn map --secrets get,list`, or pipe permission sets, policies or vaults in as JSON.',
  },
  MAP_TEMPLATE: {
    outcomes: ['usage'],
    cause: '`--template` names a template that Azure’s portal does not offer.',
    consequence: 'Nothing was mapped.',
    remedy: 'Use one of the names in the error.',
  },
  MAP_TOO_MANY: {
    outcomes: ['usage'],
    cause: 'More permission sets were piped into `keyturn map` than a table shows.',
    consequence: 'No table was printed.',
    remedy: 'Run it with `--json`: lines have no limit.',
  },
  MAP_TWICE: {
    outcomes: ['usage'],
    cause: '`keyturn map` was given a template and permissions at once.',
    consequence: 'Nothing was mapped.',
    remedy: 'Leave out `--template`, or the permissions.',
  },
  NO_TERMINAL: {
    outcomes: ['usage'],
    cause: 'A question has to be answered by a person, and keyturn has no terminal to ask on.',
    consequence: 'Nothing was changed.',
    remedy: 'Read the plan and pass `--yes`. `keyturn migrate` needs a terminal: use `keyturn plan` and `keyturn apply` elsewhere.',
  },
  NO_VAULTS: {
    outcomes: ['usage'],
    cause: 'The selection fits no vault that you can see, or `keyturn migrate` found no vault on access policies.',
    consequence: 'There is nothing to work on.',
    remedy: 'Check the selection and what you may read. `keyturn inventory` lists the vaults in reach.',
  },
  OUTPUT_FOLDER: {
    outcomes: ['usage'],
    cause: 'The folder for a file to be written, such as that of `--output`, does not exist.',
    consequence: 'The file was not written. keyturn asks before it starts long work.',
    remedy: 'Make the folder, or correct the path.',
  },
  PERMISSION_UNKNOWN: {
    outcomes: ['usage'],
    cause: 'A word given to `keyturn map` or `keyturn explain` is neither a permission nor a data action of Key Vault.',
    consequence: 'Nothing was answered.',
    remedy: 'Write it like `secrets/get`, or as a data action like `secrets/getSecret`; for `keyturn map`, one of the words in the error.',
  },
  PORT_TAKEN: {
    outcomes: ['failed'],
    cause: 'Another program listens on the port given to `keyturn sandbox`.',
    consequence: 'The sandbox was not started.',
    remedy: 'Choose another port, or leave `--port` out to take a free one.',
  },
  PORT_WORD: {
    outcomes: ['usage'],
    cause: 'The value of `--port` is not a port.',
    consequence: 'The sandbox was not started.',
    remedy: 'Give a number from 0 to 65535; 0 takes a free one.',
  },
  PRINCIPAL_UNKNOWN: {
    outcomes: ['usage'],
    cause: '`keyturn explain` found no principal of that name at the vault, or several.',
    consequence: 'Nothing was answered.',
    remedy: 'Give the object id of the principal.',
  },
  PROOF_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The file given to `keyturn check-proof` is not a proof of a format that this version reads.',
    consequence: 'Nothing was checked, which says nothing about the vault.',
    remedy: 'Give a file of the folder `proofs` that a verification wrote into the state folder.',
  },
  PROXY_ADDRESS: {
    outcomes: ['usage'],
    cause: 'HTTPS_PROXY, HTTP_PROXY or ALL_PROXY does not hold the address of a proxy.',
    consequence: nothingDone,
    remedy: 'Write it with its scheme, such as `http://proxy.example:8080`.',
  },
  RESOURCE_GROUP_WORD: {
    outcomes: ['usage'],
    cause: 'The value of `--resource-group` is empty.',
    consequence: nothingDone,
    remedy: 'Give the name of the resource group.',
  },
  SANDBOX_GONE: {
    outcomes: ['failed'],
    cause: 'The cloud profile is that of a sandbox, and no sandbox answers at its address.',
    consequence: 'Nothing was read or changed.',
    remedy: 'Start the sandbox with `keyturn sandbox`, and use the profile that this run of it writes.',
  },
  SCENARIO_UNREADABLE: {
    outcomes: ['usage'],
    cause:
      'The scenario folder given to `keyturn sandbox` holds something that cannot be read. The error names the file and the place in it.',
    consequence: 'The sandbox was not started.',
    remedy: 'Correct it. docs/sandbox.md says what a scenario holds.',
  },
  SNAPSHOT_ELSEWHERE: {
    outcomes: ['usage'],
    cause: 'The file given with `--against` does not hold a vault that is to be verified.',
    consequence: 'Nothing was verified.',
    remedy: 'Verify only the vaults that the file holds, or give another file.',
  },
  SNAPSHOT_UNREADABLE: {
    outcomes: ['usage'],
    cause: 'The file given with `--against` cannot be read, holds no vault with its access policies, or holds one twice.',
    consequence: 'Nothing was verified.',
    remedy: 'Give a rollback bundle, or a vault as `az keyvault show` prints it; several as `{"value": [...]}`.',
  },
  SUBSCRIPTIONS_UNREAD: {
    outcomes: ['undetermined'],
    cause: 'The list of subscriptions could not be read, and the selection needs it.',
    consequence: 'keyturn cannot say which vaults are meant.',
    remedy: 'Get the right to read subscriptions, or give `--subscription` with ids, which need no list.',
  },
  SUBSCRIPTION_UNKNOWN: {
    outcomes: ['usage'],
    cause: 'No subscription of that name or id is among those that you can see.',
    consequence: 'Nothing was read.',
    remedy: 'Check the name or id, and which account you are signed in with.',
  },
  SUBSCRIPTION_WORD: {
    outcomes: ['usage'],
    cause: 'The value of `--subscription` is empty.',
    consequence: nothingDone,
    remedy: 'Give the id or name of the subscription.',
  },
  TAG_WORD: {
    outcomes: ['usage'],
    cause: 'The value of `--tag` is not a tag.',
    consequence: nothingDone,
    remedy: 'Write a tag as `name=value`.',
  },
  USAGE: {
    outcomes: ['usage'],
    cause: 'The command line cannot be understood: a command, option or value that keyturn does not know, or one that is missing.',
    consequence: 'Nothing was done.',
    remedy: 'See `keyturn --help`, or the command with `--help`.',
  },
  VAULT_NOT_SEEN: {
    outcomes: ['undetermined'],
    cause: 'No vault of that name was found, but a subscription could not be looked through.',
    consequence: 'keyturn cannot say whether the vault exists.',
    remedy: 'Get the right to list vaults there, or name another subscription with `--subscription`.',
  },
  VAULT_UNKNOWN: {
    outcomes: ['usage'],
    cause: 'No vault of that name exists in the subscriptions that you can see, or none in those selected.',
    consequence: 'Nothing was done.',
    remedy: 'Check the name, the subscription, and which account you are signed in with. `keyturn inventory` lists the vaults in reach.',
  },
  VAULT_UNREADABLE: {
    outcomes: ['undetermined'],
    cause: 'The vault, or its subscription, could not be read. The error says why.',
    consequence: 'Nothing can be said about the vault, and nothing was changed at it by this step.',
    remedy: 'Get the right to read what is named, and run the command again.',
  },
  VAULT_WORD: {
    outcomes: ['usage'],
    cause: 'A word is neither the name of a vault, nor its address, nor its resource id.',
    consequence: nothingDone,
    remedy: 'Give a name such as `kv-app`, an address such as `https://kv-app.vault.azure.net`, or the resource id.',
  },
} satisfies Partial<Record<ErrorCode, ErrorHelp>>;
