import { Inject } from '@nestjs/common';

/** Token under which the workbench is provided. */
export const benchToken = Symbol('workbench');
/** Injects the workbench. */
export const Bench = () => Inject(benchToken);
/** Token under which the program's configuration is provided. */
export const configToken = Symbol('configuration');
