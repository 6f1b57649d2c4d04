// Keys in hexadecimal, one a line, to the partitions that Kafka's own producer sends them to.
import java.util.HexFormat;
import java.util.Scanner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

class Partitions {
    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        for (Scanner in = new Scanner(System.in); in.hasNextLine();)
            System.out.println(BuiltInPartitioner.partitionForKey(HexFormat.of().parseHex(in.nextLine()), count));
    }
}
