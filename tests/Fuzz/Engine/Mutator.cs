namespace Chat.Fuzz.Engine;

/// <summary>Changes bytes as a broken or hostile sender might: flips, edges, insertions, cuts, repetitions, pieces of another
// input.</summary>
internal static class Mutator
{
    private static readonly byte[] Edges = [0x00, 0x01, 0x0A, 0x0D, 0x20, 0x3A, 0x7D, 0x7E, 0x7F, 0x80, 0x81, 0xC0, 0xED, 0xF4, 0xFE, 0xFF];

    /// <param name="other">Where pieces are taken from.</param>
    public static byte[] Change(byte[] input, FuzzRandom random, byte[] other)
    {
        List<byte> bytes = [.. input];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(8))
            {
                case 0: bytes.Insert(at, random.Pick(Edges)); break;
                case 1: bytes.RemoveRange(at, random.Next(Math.Min(16, bytes.Count - at) + 1)); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.InsertRange(at, Piece(bytes.ToArray(), random)); break;
                case 4: bytes.InsertRange(at, Piece(other, random)); break;
                case 5: bytes.InsertRange(at, random.Bytes(random.Next(1, 9))); break;
                case 6 when at < bytes.Count: bytes[at] = random.Pick(Edges); break;
                default: if (at < bytes.Count) bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Piece(byte[] from, FuzzRandom random)
    {
        int at = random.Next(from.Length + 1);
        return from[at..(at + random.Next(Math.Min(32, from.Length - at) + 1))];
    }
}
