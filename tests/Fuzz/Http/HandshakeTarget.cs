using System.Buffers;
using Chat.Fuzz.Engine;
using Chat.Protocol.Tests.Support;
using Chat.Server.Tests.Transport;
using Chat.Server.Transport;

namespace Chat.Fuzz.Http;

/// <summary>
/// The first bytes of a connection. Right is: 101 for a valid handshake and for nothing else; what is upgraded, Kestrel reads as the same
/// request of the same length; the same verdict however the bytes are cut; after any other answer the connection closes.
/// </summary>
internal sealed class HandshakeTarget : FuzzTarget
{
    private const int MostBytesAllocated = 32 * 1024;
    private const int WholePathEvery = 128;
    private const string AllowedOrigin = "https://allowed.example";

    private static readonly OriginPolicy Origins = new(
        new WebSocketOptions { AllowedOrigins = [AllowedOrigin], AllowSameHostOrigin = true, AllowAnyOrigin = false });

    private readonly IReadOnlyList<byte[]> _corpus = Corpus.Read("http");
    private readonly KestrelReader _kestrel = new();
    private readonly long[] _outcomes = new long[4];
    private long _inputs;

    public override string Name => "http";

    public override int InputsInSuite => 500_000;

    public override int InputsInFull => 1_000_000;

    public override string Describe() =>
        string.Join(", ", Enum.GetValues<HandshakeOutcome>().Select(outcome => $"{_outcomes[(int)outcome]} {outcome}"));

    public override byte[] Make(FuzzRandom random) => UpgradeRequests.Make(random, _corpus);

    public override async ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        HandshakeResult result = HandshakeParser.Parse(new ReadOnlySequence<byte>(input), "/ws");
        Require(GC.GetAllocatedBytesForCurrentThread() - before <= MostBytesAllocated, "too much was allocated");
        _outcomes[(int)result.Outcome]++;

        CheckShape(result);
        bool isHandshake = HandshakeOracle.IsHandshake(input);
        Require(
            isHandshake == (result.Outcome == HandshakeOutcome.Upgrade),
            $"{result.Outcome} {result.Fault}, but the rules say {isHandshake}");
        if (isHandshake) CompareWithKestrel(input, result);
        if (isHandshake) CheckOrigin(result.Request!, random.Once(2));
        CheckCuts(input, result, random);
        if (_inputs++ % WholePathEvery == 0) await CheckWholePathAsync(input, result, random);
    }

    private static void CheckShape(in HandshakeResult result)
    {
        bool isUpgrade = result.Outcome == HandshakeOutcome.Upgrade, isRejected = result.Outcome == HandshakeOutcome.Rejected;
        Require(result.Request is not null == isUpgrade && result.HeadBytes > 0 == isUpgrade, $"{result}");
        Require(result.Status is >= 400 and < 500 == isRejected && result.Fault.Length > 0 == isRejected, $"{result}");
    }

    private static void CheckOrigin(HandshakeRequest request, bool isTls)
    {
        bool expected = HandshakeOracle.IsAllowed(request.Origin, request.Host, AllowedOrigin, isTls);
        bool isAllowed = Origins.IsAllowed(request.Origin, request.Host, isTls);
        Require(isAllowed == expected, $"a page of '{request.Origin}' at '{request.Host}', TLS {isTls}: allowed is {isAllowed}");
    }

    // Kestrel stands behind us for all that is not ours, and proxies in front of us read as it does: one reading of a request, or
    // smuggling.
    private void CompareWithKestrel(byte[] input, in HandshakeResult result)
    {
        Require(_kestrel.TryRead(input), "upgraded, but Kestrel would refuse it");
        HandshakeRequest request = result.Request!;
        Require(
            _kestrel.Consumed == result.HeadBytes && result.HeadBytes == input.Length,
            $"the head ends at {result.HeadBytes} here, at {_kestrel.Consumed} there");
        Require(
            _kestrel.StartLine == "Get Http11" && _kestrel.Target == request.Target,
            $"target {request.Target} here, {_kestrel.StartLine} {_kestrel.Target} there");
        Require(
            Field("Host") == request.Host && Field("Sec-WebSocket-Key") == request.Key && Field("Origin") == request.Origin,
            $"{request} here, other fields there");
    }

    private string? Field(string name) =>
        _kestrel.Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)
            .SingleOrDefault();

    private static void CheckCuts(byte[] input, in HandshakeResult whole, FuzzRandom random)
    {
        HandshakeResult cut = HandshakeParser.Parse(Segments.Of(input, random.Cuts(input.Length)), "/ws");
        Require(cut == whole, $"in segments it is {cut}, in one {whole}");

        // What is decided on a part stays decided; what the whole is, the part may only wait for, or refuse.
        HandshakeResult part = HandshakeParser.Parse(new ReadOnlySequence<byte>(input, 0, random.Next(input.Length + 1)), "/ws");
        bool isEarly = part.Outcome == HandshakeOutcome.Upgrade && whole is { Outcome: HandshakeOutcome.Rejected };
        Require(
            part.Outcome == HandshakeOutcome.NeedMoreData || part.Outcome == whole.Outcome || isEarly,
            $"a part is {part}, the whole {whole}");
    }

    /// <summary>Over the acceptor and pipes: 101 for what is valid; otherwise a refusal and the end, or the HTTP server gets every
    // byte.</summary>
    private static async Task CheckWholePathAsync(byte[] input, HandshakeResult result, FuzzRandom random)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        await using PipeServer server = new(new WebSocketOptions { AllowAnyOrigin = true });
        int cut = result.Outcome == HandshakeOutcome.Upgrade ? random.Next(input.Length + 1) : input.Length;
        if (cut > 0) await server.SendAsync(input[..cut], patience.Token);
        if (cut < input.Length) await server.SendAsync(input[cut..], patience.Token);
        server.EndInput();
        await server.Running.WaitAsync(patience.Token);

        string answer = await server.ReadHeadAsync(patience.Token);
        bool isUpgraded = answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal);
        Require(isUpgraded == (result.Outcome == HandshakeOutcome.Upgrade), $"{result} was answered with {answer}");
        bool isRefused = answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal)
            && answer.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal);
        Require(isRefused == (result.Outcome == HandshakeOutcome.Rejected), $"{result} was answered with {answer}");
        bool isHandedOn = server.HandedOn is not null;
        Require(isHandedOn == (result.Outcome == HandshakeOutcome.NotOurs), $"{result}, handed on: {isHandedOn}");
        if (isHandedOn) Require(server.HandedOn.AsSpan().SequenceEqual(input), "the HTTP server did not get every byte");
    }
}
