import type { AccountFacts, DoctorFacts } from "../facts.ts";
import { type Check, type Found, orOk, problem, warning } from "../finding.ts";
import { isLive, rescueFix } from "../fixes.ts";

const SECONDS_A_DAY = 86_400;

/** Whether the account whose password the host sets can be logged into. */
export const rootPassword: Check = {
  name: "root-password",
  look: (facts) =>
    orOk([...lookAtPassword(facts), ...lookAtAge(facts), ...lookAtShell(facts)], "Can be used"),
};

function lookAtPassword(facts: DoctorFacts): Found[] {
  const { user, password } = facts.account;
  const fix = passwordFix(facts);
  const found: Readonly<Record<AccountFacts["password"], readonly Found[]>> = {
    hash: [],
    empty: [problem(`${user} has no password: anybody can log in`, fix)],
    locked: [warning(`The password of ${user} is locked; keys may still work`, fix)],
    missing: [problem(`${user} is not in /etc/shadow`, fix)],
    unreadable: [problem("/etc/shadow cannot be read", "Run this as root")],
  };
  return [...found[password]];
}

function passwordFix(facts: DoctorFacts): string {
  return isLive(facts) ? `passwd ${facts.account.user}` : rescueFix("password", facts);
}

/** As shadow(5) has it; day 0 of the last change asks for a new password at the next login. */
function lookAtAge(facts: DoctorFacts): Found[] {
  const { user, lastChangeDay, expiryDay, maximumAge } = facts.account;
  const today = Math.floor(facts.unixTime / SECONDS_A_DAY);
  if (expiryDay !== undefined && expiryDay <= today) {
    return [problem(`The account ${user} has expired`, ageFix(`chage -E -1 ${user}`, facts))];
  }
  if (lastChangeDay === 0) {
    return [
      warning(
        `${user} must change the password at the next login`,
        ageFix(`chage -d ${today} ${user}`, facts),
      ),
    ];
  }
  if (lastChangeDay === undefined || maximumAge === undefined || lastChangeDay + maximumAge >= today)
    return [];
  return [problem(`The password of ${user} has expired`, ageFix(`chage -M -1 ${user}`, facts))];
}

function ageFix(command: string, facts: DoctorFacts): string {
  return isLive(facts) ? command : rescueFix("password", facts);
}

function lookAtShell({ account, root }: DoctorFacts): Found[] {
  const { user, shell, isLoginOff } = account;
  const inRoot = root === "/" ? "" : `chroot ${root} `;
  return [
    ...(isNoShell(account)
      ? [
          problem(
            `${user} has the shell ${shell}, which lets nobody in`,
            `${inRoot}usermod -s /bin/sh ${user}`,
          ),
        ]
      : []),
    ...(isLoginOff
      ? [
          warning(
            "/etc/nologin keeps all but root from logging in",
            `rm ${root === "/" ? "" : root}/etc/nologin`,
          ),
        ]
      : []),
  ];
}

function isNoShell({ shell }: AccountFacts): boolean {
  return shell !== undefined && /\/(?:nologin|false)$/.test(shell);
}
