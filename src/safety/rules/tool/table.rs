//! What each tool does: the words and options that say so, and how grave that is. The next tool is a row more.

use super::Effect;
use crate::safety::Risk;

mod files;
mod hardware;
mod machine;
mod remote;

/// One way of telling a program to do something.
pub(super) struct Row {
    /// Names of programs.
    pub(super) programs: &'static str,
    /// Alternatives apart by `|`, each of them words that must all be there; none is always there.
    pub(super) signs: &'static str,
    /// What that does; nothing when it only looks.
    pub(super) effect: Option<Effect>,
}

/// Programs told by their words: those that look, those that change, those that take away.
pub(super) struct Family {
    pub(super) programs: &'static str,
    pub(super) gone: Effect,
    pub(super) changed: Effect,
}

pub(super) const fn row(programs: &'static str, signs: &'static str, effect: Effect) -> Row {
    Row { programs, signs, effect: Some(effect) }
}

pub(super) const fn looks(programs: &'static str, signs: &'static str) -> Row {
    Row { programs, signs, effect: None }
}

pub(super) const fn family(programs: &'static str, gone: Effect, changed: Effect) -> Family {
    Family { programs, gone, changed }
}

pub(super) const fn grave(rule: &'static str, message: &'static str) -> Effect {
    Effect { rule, risk: Risk::Dangerous, message }
}

pub(super) const fn mild(rule: &'static str, message: &'static str) -> Effect {
    Effect { rule, risk: Risk::Caution, message }
}

pub(super) const ERASED: Effect = grave("disk.erase", "erases what is on a disk or a device");
pub(super) const FLASHED: Effect = grave("disk.firmware", "writes or erases firmware, or what a machine starts from");
pub(super) const FILES: Effect = grave("disk.mount", "changes a file system under the files");
pub(super) const VOLUME: Effect =
    grave("disk.volume", "destroys a volume or a snapshot, or takes it away from what uses it");
pub(super) const VOLUMES: Effect = mild("disk.volume", "changes volumes");
pub(super) const BACKUP: Effect = grave("machine.backup", "deletes backups, or writes them over what is there");
pub(super) const BACKED: Effect = mild("program.changes", "changes backups");
pub(super) const ACCOUNT: Effect = grave("machine.user", "changes who may do what here");
pub(super) const NETWORK: Effect = grave("machine.network", "cuts or bends connections of this machine");
pub(super) const FIREWALL: Effect = grave("machine.firewall", "changes which connections the machine lets in");
pub(super) const GUARD: Effect = grave("machine.setting", "weakens a protection, or resets a setting of the system");
pub(super) const SETTING: Effect = mild("machine.setting", "changes a setting");
pub(super) const HARDWARE: Effect = grave("machine.kernel", "reaches past the kernel into the hardware");
pub(super) const SERVICE: Effect = grave("machine.service-vital", "stops what others depend on");
pub(super) const POWER: Effect = grave("process.power", "switches a machine off, or restarts it");
pub(super) const LOG: Effect = grave("machine.log", "throws records away");
pub(super) const DATA: Effect = grave("database.drop", "throws data or messages away");
pub(super) const STORE: Effect = mild("database.change", "changes data or messages");
pub(super) const CLOUD: Effect = grave("cloud.delete", "deletes something in the cloud, for good");
pub(super) const CLOUDS: Effect = mild("cloud.change", "changes something in the cloud");
pub(super) const CLUSTER: Effect =
    grave("container.delete", "deletes or switches off what runs in a cluster or container");
pub(super) const CLUSTERS: Effect = mild("container.change", "changes a cluster or containers");
pub(super) const ESCAPE: Effect =
    grave("container.escape", "gives something in a cluster or container the rights of the machine");
pub(super) const SECRET: Effect =
    grave("secret.delete", "deletes keys, passwords or certificates, or declares them void");
pub(super) const SECRETS: Effect = mild("program.changes", "changes keys, passwords or certificates");
pub(super) const SHOWN: Effect = grave("secret.shown", "writes keys or passwords out in the clear");
pub(super) const PUBLISH: Effect = grave("package.publish", "publishes a package or takes one back, for everyone");
pub(super) const PACKAGES: Effect =
    grave("package.remove-vital", "removes packages that other things cannot do without");
pub(super) const INSTALL: Effect = mild("package.install", "installs or builds packages");
pub(super) const DISCARD: Effect = grave("git.discard", "throws away changes that are not committed");
pub(super) const REWRITE: Effect = grave("git.rewrite", "takes commits out of the history");
pub(super) const SERVER: Effect = grave("git.delete-repository", "deletes something on the server");
pub(super) const REPOSITORY: Effect = mild("git.change", "changes a repository");
pub(super) const FOUND: Effect = grave("delete.found", "deletes every file it finds, for good");
pub(super) const AWAY: Effect = grave("delete.mirror", "deletes files at the other end");
pub(super) const SHREDDED: Effect =
    grave("delete.shred", "overwrites files or free space so that nothing brings them back");
pub(super) const ATTACK: Effect =
    grave("exposure.attack", "floods other machines, or makes them talk to the wrong one");
pub(super) const LISTENS: Effect = grave("exposure.listener", "opens a port for others");
pub(super) const LATER: Effect = grave("persistence.schedule", "makes something run by itself later");
pub(super) const EXECUTES: Effect = grave("shell.unknown-code", "runs something on other machines");
pub(super) const REMOTE: Effect = grave("remote.run", "runs what a server sends, unread");
pub(super) const THROWN: Effect =
    grave("program.destroys", "throws away what it holds, or sets it back to what it was when new");
pub(super) const CHANGED: Effect = mild("program.changes", "changes files or settings");

pub(super) const ROWS: &[&[Row]] = &[hardware::ROWS, machine::ROWS, remote::ROWS, files::ROWS];

pub(super) const FAMILIES: &[Family] = &[
    family(
        "scw exo vultr-cli upctl civo aliyun tccli openstack nova cinder glance neutron swift yc cf eb copilot amplify kops \
         s5cmd b2 cdktf juju dokku boundary maas govc teleport tsh tctl render ionosctl ibmcloud oci databricks \
         snow atlas astra pscale neonctl turso doctl hcloud stackit gandi ovhcloud porkbun flarectl cloudctl okta auth0 \
         datadog-ci sentry-cli pulsarctl aiven avn confluent ccloud pave nomad-pack waypoint kubitect dapr spin fission \
         sfdx sf m365 pac azd func swa gam shopify stripe ngrok-api akamai fastly bunny surge convox porter",
        CLOUD,
        CLOUDS,
    ),
    family(
        "microk8s k3s rke rke2 talosctl k3d kind skaffold tilt helmfile linkerd limactl colima orb orbctl toolbox distrobox \
         lxc-ls kubectx kubens stern ctr rancher okteto cilium calicoctl crossplane karmadactl clusterctl kn tkn rosa \
         pcs crm podman-machine finch vcluster kubevirt virtctl odo devspace kompose balena mesos marathon dcos",
        CLUSTER,
        CLUSTERS,
    ),
    family(
        "ceph gluster rbd rados radosgw-admin stratis vdo drbdadm storcli storcli64 arcconf ssacli hpacucli hpssacli isi \
         linstor mmdelete mmlscluster tw_cli beegfs-ctl longhornctl lfs weka minio-mc cephadm xfs_quota",
        VOLUME,
        VOLUMES,
    ),
    family(
        "rpk nats pulsar-admin rabbitmqadmin rabbitmqctl activemq artemis zkCli.sh kcat temporal tctl-temporal airflow dagster \
         prefect celery sidekiqctl mosquitto_ctrl memcached-tool ksql nsqadmin typesense meilisearch weaviate redis-cluster \
         cbq couchbase-cli cqlsh-admin dgraph arangorestore mlflow dvc",
        DATA,
        STORE,
    ),
    family(
        "op bw lpass gopass doppler chamber infisical akeyless keepassxc-cli aws-vault certbot teller conjur",
        SECRET,
        SECRETS,
    ),
    family(
        "samba-tool ipa keycloak kcadm.sh gitea forgejo gitlab-rails lxd-user authentik",
        ACCOUNT,
        mild("machine.user", "changes accounts"),
    ),
    family("kopia duply borgmatic snapper-gui tarsnap velero-cli barman pgbackrest wal-g autorestic", BACKUP, BACKED),
    family("hg svn bzr brz jj fossil cvs darcs pijul sl p4 repo svnadmin got mtn", DISCARD, REPOSITORY),
    family("fastlane pod conan nuget hatch flit pdm vsce ovsx jsr expo eas lerna snapcraft", PUBLISH, INSTALL),
    family("tea bb glab-cli circleci buildkite-agent drone woodpecker-cli jenkins-cli travis", SERVER, REPOSITORY),
    family("knife chef puppet berks kitchen bolt", CLOUD, CLOUDS),
    family("salt salt-call salt-ssh salt-run", CLOUD, mild("cloud.change", "changes machines")),
];
