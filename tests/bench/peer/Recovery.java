// Count and sum by key as State has it, until it is killed; it comes back under its name.
//
//   Recovery BROKERS rows IN OUT SCRATCH COUNT CACHE-BYTES COMMIT-MS      -Dinstance=NAME
import org.apache.kafka.streams.KafkaStreams;

class Recovery {
    public static void main(String[] args) throws Exception {
        KafkaStreams streams = State.build(args, "peer-" + System.getProperty("instance"), new Peer.Progress(Long.MAX_VALUE), new State.TotalsWriter(), args[3]);
        streams.start();
        Thread.currentThread().join();
    }
}
