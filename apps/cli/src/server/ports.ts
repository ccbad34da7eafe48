import { createServer } from 'node:net';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** Throws CommandFault with one sentence where something already listens on the port. */
export async function requireFreePort(port: number, purpose: string, setting: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE') {
      throw new CommandFault(
        exitCodes.cannotStart,
        `Port ${port} for ${purpose} is taken by another program. Stop that program, or set ${setting} to another port.`,
      );
    }
    if (code === 'EACCES') {
      throw new CommandFault(
        exitCodes.cannotStart,
        `Port ${port} for ${purpose} needs more rights than this user has. Set ${setting} to a port above 1023.`,
      );
    }
    throw error;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
