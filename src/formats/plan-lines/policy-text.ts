/** A policy as a basis holds it: canonical JSON of what Azure stores. Nearly all have these members and no others. */
interface PolicyParts {
  readonly objectId: string;
  /** Canonical JSON. */
  readonly permissions: string;
}

interface Identity {
  readonly tenantId: string;
  readonly objectId: string;
  readonly applicationId?: string;
}

const shape = /^\{(?:"applicationId":"[^"\\]*",)?"objectId":"([^"\\]*)","permissions":(\{.*\}),"tenantId":"[^"\\]*"\}$/;

function split(line: string): PolicyParts | undefined {
  const [, objectId, permissions] = shape.exec(line) ?? [];
  return objectId === undefined || permissions === undefined ? undefined : { objectId, permissions };
}

function join({ tenantId, objectId, applicationId }: Identity, permissions: string): string {
  const application = applicationId === undefined ? '' : `"applicationId":${JSON.stringify(applicationId)},`;
  return `{${application}"objectId":${JSON.stringify(objectId)},"permissions":${permissions},"tenantId":${JSON.stringify(tenantId)}}`;
}

export const policyText = { split, join };
