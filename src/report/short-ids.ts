const resourceId = /(?<![\w.…*])\/subscriptions\/[^\s'"`,;?]+/gi;

/**
 * Resource ids in a sentence cut to what a person tells them apart by: `…/vaults/kv-app`, with a lock or assignment of the
 * vault as `…/vaults/kv-app/locks/frozen`. Whole ids are for `--json`.
 */
export function shortIds(text: string): string {
  return text.replace(resourceId, (found) => {
    const id = found.replace(/[.:)]+$/, '');
    return shortId(id) + found.slice(id.length);
  });
}

function shortId(id: string): string {
  const [, , , ...below] = id.split('/');
  if (below.length === 0) return id;
  const inGroup = below[0]?.toLowerCase() === 'resourcegroups';
  const [group, rest] = inGroup ? [below.slice(0, 2), below.slice(2)] : [[], below];
  const isExtension = rest[1]?.toLowerCase() === 'microsoft.authorization';
  const named = rest.filter((part, at) => part.toLowerCase() !== 'providers' && rest[at - 1]?.toLowerCase() !== 'providers');
  return ['…', ...(named.length === 0 || isExtension ? group : []), ...named].join('/');
}
