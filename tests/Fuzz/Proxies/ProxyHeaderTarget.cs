using System.Buffers;
using System.Net;
using Chat.Fuzz.Engine;
using Chat.Protocol.Tests.Support;
using Chat.Server.Transport.Proxies;

namespace Chat.Fuzz.Proxies;

/// <summary>
/// The first bytes of a connection from a balancer. Right is: what the PROXY protocol's own words say; the same however the bytes are cut,
/// and whatever follows; a part is waited for, or refused as the whole is.
/// </summary>
internal sealed class ProxyHeaderTarget : FuzzTarget
{
    private const int MostBytesAllocated = 8 * 1024;

    private readonly IReadOnlyList<byte[]> _corpus = Corpus.Read("proxy");
    private readonly long[] _results = new long[3];

    public override string Name => "proxy";

    public override int InputsInSuite => 300_000;

    public override int InputsInFull => 2_000_000;

    public override string Describe() =>
        string.Join(", ", Enum.GetValues<ProxyHeaderResult>().Select(result => $"{_results[(int)result]} {result}"));

    public override byte[] Make(FuzzRandom random) => ProxyHeaders.Make(random, _corpus);

    public override ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        (ProxyHeaderResult Result, int Bytes, string? Source) whole = Read(new ReadOnlySequence<byte>(input));
        Require(GC.GetAllocatedBytesForCurrentThread() - before <= MostBytesAllocated, "too much was allocated");
        _results[(int)whole.Result]++;

        Require(whole == ProxyHeaderOracle.Judge(input), $"{whole}, but the protocol says {ProxyHeaderOracle.Judge(input)}");
        Require(Read(Segments.Of(input, random.Cuts(input.Length))) == whole, $"in segments it is another than {whole}");

        int length = random.Next(input.Length + 1);
        (ProxyHeaderResult Result, int Bytes, string? Source) part = Read(new ReadOnlySequence<byte>(input, 0, length));
        Require(part == whole || part.Result == ProxyHeaderResult.NeedMoreData, $"a part is {part}, the whole {whole}");
        if (whole.Result == ProxyHeaderResult.NeedMoreData) return default;
        Require(Read(new ReadOnlySequence<byte>([.. input, 13, 10])) == whole, $"what follows made it another than {whole}");
        return default;
    }

    // Length and address are of a complete header only.
    private static (ProxyHeaderResult Result, int Bytes, string? Source) Read(ReadOnlySequence<byte> input)
    {
        ProxyHeaderResult result = ProxyHeader.TryRead(input, out int bytes, out IPEndPoint? source);
        return result == ProxyHeaderResult.Complete ? (result, bytes, source?.ToString()) : (result, 0, null);
    }
}
