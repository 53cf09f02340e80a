import { ServiceError } from '../exchange.ts';

/** An ask that the sandbox does not understand. The server keeps a list of these, so that no test passes by being ignored. */
export class UnknownAsk extends ServiceError {}

export function badRequest(code: string, message: string): ServiceError {
  return new ServiceError(400, code, message);
}

export function invalidContent(why: string): UnknownAsk {
  return new UnknownAsk(400, 'InvalidRequestContent', `The request content was invalid and could not be deserialized: '${why}'.`);
}

export function notFound(code: string, message: string): ServiceError {
  return new ServiceError(404, code, message);
}

export function resourceNotFound(type: string, name: string, resourceGroup: string): ServiceError {
  const help = 'For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return notFound('ResourceNotFound', `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. ${help}`);
}
