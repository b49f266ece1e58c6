import { describe, expect, it } from 'vitest';
import { pythonComponentOf } from '../../runners/local/python/python-component.ts';
import { installLine, pipInstall, pythonContainer } from './python-attempts.ts';

const source = 'def f() -> str:\n    return "a"\n';
const kfp = `'kfp==2.17.0' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`;
const kfpWords = ['kfp==2.17.0', '--no-deps', 'typing-extensions>=3.7.4,<5; python_version<"3.9"'];
const virtualEnvironment = `
export PIP_DISABLE_PIP_VERSION_CHECK=1
tmp=$(mktemp -d)
python3 -m venv "$tmp/venv" --system-site-packages
. "$tmp/venv/bin/activate"
`;

function installs(line: string): unknown {
  return pythonComponentOf(pythonContainer(source, line))?.installs;
}

describe('a lightweight Python component is recognised', () => {
  it('that installs nothing', () => {
    expect(pythonComponentOf(pythonContainer(source))).toEqual({
      module: 'kfp.dsl.executor_main',
      installs: [],
      sourceAt: 3,
    });
  });

  it('that installs KFP alone', () => {
    expect(installs(installLine(pipInstall(kfp)))).toEqual([kfpWords]);
  });

  it('that installs packages before KFP, with quotes of both kinds', () => {
    const line = installLine(pipInstall(`'numpy==1.26'`, `"six; python_version<'3.9'"`), pipInstall(kfp));
    expect(installs(line)).toEqual([['numpy==1.26', "six; python_version<'3.9'"], kfpWords]);
  });

  it('that names indices and hosts: KFP gives a host as a URL, which pip does not read', () => {
    const index = '--index-url https://a:8/simple --extra-index-url https://b/simple';
    const hosts = '--trusted-host https://a:8/simple --trusted-host b';
    expect(installs(installLine(pipInstall(index, hosts, `'six'`)))).toEqual([
      [
        '--index-url',
        'https://a:8/simple',
        '--extra-index-url',
        'https://b/simple',
        '--trusted-host',
        'a:8',
        '--trusted-host',
        'b',
        'six',
      ],
    ]);
  });

  it('that makes a virtual environment of its own', () => {
    const line = installLine(pipInstall(`'six'`), `${virtualEnvironment} ${pipInstall(kfp)}`);
    expect(installs(line)).toEqual([['six'], kfpWords]);
  });

  it('that installs KFP from a repository', () => {
    const repository = 'git+https://github.com/kubeflow/pipelines@refs/pull/1/merge#subdirectory=sdk/python';
    expect(installs(installLine(pipInstall(`'${repository}'`, `'--no-deps'`)))).toEqual([
      [repository, '--no-deps'],
    ]);
  });

  it('that KFP 2.0 compiled, on one line with its packages', () => {
    const line = installLine(
      `python3 -m pip install --quiet     --no-warn-script-location 'six' 'kfp==2.0.1'`,
    );
    expect(installs(line)).toEqual([['six', 'kfp==2.0.1']]);
  });
});

describe('a container is no such component', () => {
  it.each([
    ['whose line does something else first', installLine('rm -rf x', pipInstall(`'six'`))],
    ['whose packages are named by a variable', installLine(pipInstall('"$PACKAGES"'))],
    ['whose packages are named by a placeholder', installLine(pipInstall(`"{{$.inputs.parameters['p']}}"`))],
    ['that goes on after a failed installation', installLine(`${pipInstall(`'a'`)} || ${pipInstall(`'b'`)}`)],
  ])('%s', (_, line) => {
    expect(pythonComponentOf(pythonContainer(source, line))).toBeUndefined();
  });

  it('whose module is in its image', () => {
    const args = ['--executor_input', '{{$}}', '--function_to_execute', 'f'];
    const command = ['python3', '-m', 'kfp.dsl.executor_main'];
    expect(pythonComponentOf({ image: 'mine', command, args })).toBeUndefined();
  });
});
