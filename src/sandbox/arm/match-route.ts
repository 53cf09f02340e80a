import type { ArmRoute } from './arm-context.ts';

export interface RouteMatch {
  readonly route: ArmRoute;
  readonly places: Readonly<Record<string, string>>;
  readonly scope: string;
}

/** The routes whose path matches, whatever their method; fixed paths come before those on any scope. */
export function matchRoutes(routes: readonly ArmRoute[], segments: readonly string[]): readonly RouteMatch[] {
  const found = routes.flatMap((route) => matchRoute(route, segments) ?? []);
  return [...found.filter(({ route }) => !onScope(route)), ...found.filter(({ route }) => onScope(route))];
}

function onScope(route: ArmRoute): boolean {
  return route.path.startsWith('{scope}/');
}

function matchRoute(route: ArmRoute, segments: readonly string[]): RouteMatch | undefined {
  const words = route.path.split('/').filter((word) => word !== '' && word !== '{scope}');
  const offset = segments.length - words.length;
  if (onScope(route) ? offset < 0 : offset !== 0) return undefined;
  const places: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    const segment = segments[offset + index] ?? '';
    const place = /^\{(\w+)\}$/.exec(word)?.[1];
    if (place !== undefined) places[place] = segment;
    else if (word.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  const scope = segments.slice(0, offset).map((segment) => `/${segment}`);
  return { route, places, scope: scope.join('') };
}
