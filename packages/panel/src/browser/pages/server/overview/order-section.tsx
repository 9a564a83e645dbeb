import { Copyable } from "../../../components/copy-button.tsx";
import { Exactly } from "../../../components/exactly.tsx";
import { Fact, Facts } from "../../../components/facts.tsx";
import { Section } from "../../../components/section.tsx";
import type { Server } from "../../../model/server.ts";
import { formatBytes } from "../../../model/size.ts";
import type { TabProps } from "../tab-props.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What the server is by its order. */
export function OrderSection({ server }: TabProps) {
  const { image, flavor, key_name: keyName } = server;
  return (
    <Section title="What was ordered">
      <Facts>
        <Fact name="Image">{image?.name ?? "It is not there any more"}</Fact>
        <Fact name="Size">
          {flavor === null ? "It is not there any more" : `${flavor.name}: ${sizeOf(flavor)}`}
        </Fact>
        <Fact name="Host name">{server.hostname}</Fact>
        <Fact name="Networks">{server.ports.length === 0 ? "None" : <Networks ports={server.ports} />}</Fact>
        <Fact name="SSH key">{keyName ?? "None"}</Fact>
        <Fact name="Created">
          <Exactly at={server.created_at} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Networks({ ports }: Pick<Server, "ports">) {
  return (
    <ul class="plain-list">
      {ports.map(({ id, network, addresses }) => (
        <li key={id}>
          <span>{network.name}</span>
          {addresses.map((address) => (
            <div key={address}>
              <Copyable text={withoutPrefix(address)} what={`address in ${network.name}`} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}

function sizeOf({ vcpus, ram_mib: ramMib, disk_gib: diskGib }: NonNullable<Server["flavor"]>): string {
  const cpus = vcpus === 1 ? "1 CPU" : `${vcpus} CPUs`;
  return `${cpus}, ${formatBytes(ramMib * MIB)} memory, ${formatBytes(diskGib * GIB)} disk`;
}

/** Such as is typed elsewhere. */
function withoutPrefix(address: string): string {
  return address.split("/", 1)[0] ?? address;
}
