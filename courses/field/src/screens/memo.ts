/** Draws a component again only when one of its properties is another: a list of hundreds stays quick. */

import { Component, h, type ComponentType } from "preact";

export function memo<P extends object>(inner: (props: P) => preact.ComponentChild): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const names = new Set([...Object.keys(this.props), ...Object.keys(next)]) as Set<keyof P>;
      return [...names].some((name) => (this.props as P)[name] !== next[name]);
    }

    render() {
      return h(inner as (props: P) => preact.JSX.Element, this.props as P);
    }
  } as unknown as ComponentType<P>;
}
