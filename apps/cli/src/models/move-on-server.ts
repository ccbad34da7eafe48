import { AcceptModel, RemoveModel } from '@albumen/workflow';
import type { Call } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { namedPerson } from '../ingest/named-person.js';
import { openInstallation } from '../server/installation.js';
import type { ModelMove, MoveRecorded } from './move-model.js';

/** Accepts or removes a model of a server's shelf by the portal's own use case, for one of its administrators. */
export async function moveOnServer({ config, terminal }: Call, move: ModelMove): Promise<MoveRecorded> {
  if (config.signInIssuer !== undefined)
    throw new CommandFault(
      exitCodes.refused,
      'Who is an administrator is known to the sign-in alone, which this command cannot ask. Use the page Models of the portal.',
    );
  const { modelIntake } = await import('@albumen/runtime');
  const states = move.terms === null ? (['quarantined', 'accepted'] as const) : (['quarantined'] as const);
  const { report } = await modelIntake.find(move.shelf, move.id, move.version, states);
  const name = { id: report.id, version: report.modelVersion };
  const installation = await openInstallation(config, terminal.say);
  try {
    const { bench } = installation;
    const person = await namedPerson(bench, move.by, installation.localSignIn);
    const view =
      move.terms === null
        ? await new RemoveModel(bench).execute(person.actor, name)
        : await new AcceptModel(bench).execute(person.actor, name, move.terms);
    return {
      ...name,
      state: view.state,
      by: person.name,
      recordedIn: 'audit-log',
      words: `By ${person.name}, as the audit log says.`,
    };
  } finally {
    await installation.close();
  }
}
