import ora from 'ora';
import { plainText } from '../report/plain-text.ts';
import type { Spinner } from './io.ts';

/** With `discardStdin` left on, ora would swallow Ctrl-C. */
export function oraSpinner(stream: NodeJS.WriteStream): Spinner {
  const spinner = ora({ stream, discardStdin: false });
  return {
    show(text) {
      spinner.text = plainText(text);
      if (!spinner.isSpinning) spinner.start();
    },
    stop() {
      spinner.stop();
    },
  };
}
