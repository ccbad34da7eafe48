import { RecognisePerson, type RecognisedPerson, type Workbench } from '@albumen/workflow';
import { CommandFault, exitCodes } from '../command-fault.js';
import { demoAccounts, findAccount } from '../sign-in/demo-accounts.js';

/**
 * The person that a command acts for, so that the audit names somebody and says that it came by the command line. With
 * the local sign-in one of its accounts; otherwise a person who has signed in before, by e-mail address, as an operator.
 */
export async function namedPerson(bench: Workbench, account: string, localSignIn: boolean): Promise<RecognisedPerson> {
  const recognise = new RecognisePerson(bench);
  if (localSignIn) {
    const known = findAccount(account);
    if (known === undefined) {
      const names = demoAccounts.map(({ username }) => username).join(', ');
      throw new CommandFault(exitCodes.usage, `There is no account "${account}". Accounts: ${names}.`);
    }
    const { subject, name, email, roles } = known;
    return recognise.execute({ subject, name, email, roles, door: 'command-line' });
  }
  const [row] = (await bench.database.read.query(
    'select subject, name, email from person where lower(email) = lower($1)',
    [account],
  )) as { subject: string; name: string; email: string }[];
  if (row === undefined) {
    throw new CommandFault(
      exitCodes.refused,
      `Nobody with the address ${account} has signed in here yet. Sign in once in the browser, then use --as with that e-mail address.`,
    );
  }
  return recognise.execute({ ...row, roles: ['operator'], door: 'command-line' });
}
