import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";

const VERSION = "2.1.25";

/** A package with a service, as the macros of systemd's packaging make it (systemd.spec(7)). */
const spec = `Name: python3-nova-agent
Version: ${VERSION}
Release: 1
Summary: Stands for the agent that is replaced
License: None
BuildArch: noarch

%description
Stands for the agent that is replaced.

%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib/systemd/system
echo "echo 'nova-agent of another kind'" >%{buildroot}/usr/bin/nova-agent
cat >%{buildroot}/usr/lib/systemd/system/python3-nova-agent.service <<'EOF'
[Service]
Type=notify
ExecStart=/usr/bin/nova-agent --no-fork True
[Install]
WantedBy=multi-user.target
EOF

%post
[ $1 != 1 ] || systemctl --no-reload enable python3-nova-agent

%preun
[ $1 != 0 ] || systemctl --no-reload disable python3-nova-agent

%files
%attr(0755, root, root) /usr/bin/nova-agent
/usr/lib/systemd/system/python3-nova-agent.service
`;

/** Builds an rpm that stands for the agent that ours replaces; returns its path. */
export async function buildRpmPredecessor(context: TestContext): Promise<string> {
  const top = join(await temporaryDirectory(context), "rpm");
  await mkdir(top);
  await writeFile(join(top, "spec"), spec);
  const defined = { _topdir: top, _dbpath: join(top, "database"), _binary_payload: "w9.gzdio" };
  const defines = Object.entries(defined).flatMap(([name, value]) => ["--define", `${name} ${value}`]);
  await runChecked({
    argv: ["rpmbuild", "-bb", ...defines, join(top, "spec")],
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  return join(top, "RPMS/noarch", `python3-nova-agent-${VERSION}-1.noarch.rpm`);
}
