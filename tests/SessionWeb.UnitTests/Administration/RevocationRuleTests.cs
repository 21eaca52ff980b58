using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using SessionWeb.Administration;
using SessionWeb.EmbeddedStore;
using SessionWeb.Pages.Account;
using SessionWeb.Pages.Admin;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Administration;

/// <summary>
/// Every change that ends or alters sessions records its revocation in the same transaction. Every caller returns the
/// <see cref="RevocationResult"/> to the client. These tests read the compiled app, so they also check new code.
/// </summary>
public sealed partial class RevocationRuleTests
{
    private static readonly Assembly App = typeof(SessionRevoker).Assembly;

    private static readonly string[] DirectMethods =
    [
        nameof(ISessionStore.EndAsync), nameof(ISessionStore.EndAccountAsync), nameof(ISessionStore.EndAllAsync),
        nameof(ISessionStore.InvalidateClaimsAsync),
    ];

    /// <summary>The types of the session store, which call each other.</summary>
    private static readonly string[] StoreTypes =
        [nameof(DatabaseSessionStore), nameof(DatabaseSessionRevoker), nameof(DatabaseSessionWriter)];

    /// <summary>The calls of each method, including those in its lambdas and async state machine.</summary>
    private static readonly ILookup<(string Type, string Method), (string Type, string Method)> Calls = ReadCalls();

    [Fact]
    public void A01_Only_revocations_and_startup_revoke_in_the_store()
    {
        var storeCalls = Calls.SelectMany(c => c.Select(callee => (Caller: c.Key, Callee: callee)))
            .Where(call => StoreTypes.Append(nameof(ISessionStore)).Contains(call.Callee.Type)
                && !StoreTypes.Contains(call.Caller.Type)).ToList();
        Assert.DoesNotContain(storeCalls, call => DirectMethods.Contains(call.Callee.Method));
        Assert.Equal(
            [
                (nameof(PendingRevocationsAtStartup), "StartAsync"),
                (nameof(RevocationApplier), nameof(RevocationApplier.ApplyAsync)),
            ],
            storeCalls.Where(call => call.Callee.Method == nameof(ISessionStore.ApplyAsync))
                .Select(call => call.Caller).Distinct().Order());
    }

    [Fact]
    public void A01_Only_the_insertion_creates_a_recorded_revocation()
    {
        var type = typeof(RecordedRevocation);
        Assert.True(type.IsSealed);
        Assert.All(
            type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            c => Assert.True(c.IsPrivate));
        Assert.All(
            Calls.Where(c => c.Contains((nameof(RecordedRevocation), ".ctor"))),
            c => Assert.Equal((nameof(RecordedRevocation), nameof(RecordedRevocation.InsertAsync)), c.Key));
        Assert.All(
            Calls.Where(c => c.Contains((nameof(RecordedRevocation), nameof(RecordedRevocation.InsertAsync)))),
            c => Assert.Equal((nameof(RevocationRecorder), nameof(RevocationRecorder.RecordAsync)), c.Key));
    }

    [Fact]
    public void A02_Every_action_returns_a_revocation_result()
    {
        Assert.NotEmpty(Actions);
        Assert.Empty(
            Actions.Where(action => !Contains(action.ReturnType, typeof(RevocationResult)))
                .Select(action => $"{action.DeclaringType!.Name}.{action.Name}"));
    }

    [Fact]
    public void A02_Every_caller_of_an_action_reports_the_revocation()
    {
        var actions = Actions.Select(action => (action.DeclaringType!.Name, action.Name)).ToHashSet();
        var callers = Calls.Where(c => IsClientFacing(c.Key.Type) && c.Any(actions.Contains)).ToList();
        Assert.True(callers.Count >= 20, $"Expected at least 20 callers, but found {callers.Count}.");
        Assert.Empty(callers.Where(c => !c.Any(Reports)).Select(c => $"{c.Key.Type}.{c.Key.Method}"));
    }

    private static List<MethodInfo> Actions =>
    [
        .. new[]
        {
            typeof(AccountActions), typeof(CredentialActions), typeof(ProfileActions), typeof(SessionRevoker),
            typeof(OwnPassword), typeof(OwnEmail), typeof(OwnTwoFactor),
        }.SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)),
        .. typeof(OwnSessions).GetMethods().Where(method => method.Name.StartsWith("End", StringComparison.Ordinal)),
        typeof(AccountChange).GetMethod(nameof(AccountChange.CommitAsync))!,
        typeof(OwnAccount).GetMethod(nameof(OwnAccount.CommitAsync))!,
    ];

    /// <summary>Pages and commands.</summary>
    private static bool IsClientFacing(string type) =>
        App.GetTypes().Any(t => t.Name == type && t.Namespace is { } space
            && (space.StartsWith("SessionWeb.Pages", StringComparison.Ordinal) || space == "SessionWeb.CommandLine"));

    private static bool Reports((string Type, string Method) call) => call switch
    {
        (nameof(OwnRevocationText) or nameof(AdminRevocationText) or nameof(RevocationText), _)
            or (nameof(RevocationResult), "get_Pending") => true,
        ("OwnAccountPage", "ContinueAsync") or (_, "EndOrphanAsync") => true,
        _ => false,
    };

    private static bool Contains(Type type, Type expected) =>
        type == expected
        || type.IsGenericType && type.GetGenericArguments().Any(argument => Contains(argument, expected))
        || type.Namespace is "SessionWeb.Administration" or "SessionWeb.SelfService"
            && type.GetProperties().Any(property => property.PropertyType == expected);

    private static ILookup<(string, string), (string, string)> ReadCalls()
    {
        using var file = new PEReader(File.OpenRead(App.Location));
        var metadata = file.GetMetadataReader();
        var calls = new List<((string, string) Caller, (string, string) Callee)>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var caller = SourceOf(metadata, method);
            var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            // call, callvirt, newobj, ldftn and ldvirtftn, each followed by a token. Other bytes do not resolve to a
            // method.
            for (var i = 0; i + 5 <= code.Length; i++)
            {
                if (code[i] is 0x28 or 0x6F or 0x73 or 0x06 or 0x07
                    && CalleeOf(metadata, BitConverter.ToInt32(code, i + 1)) is { } callee)
                {
                    calls.Add((caller, callee));
                }
            }
        }
        return calls.Distinct().ToLookup(call => call.Caller, call => call.Callee);
    }

    /// <summary>
    /// The method in the source code. <c>&lt;OnPostAsync&gt;d__3.MoveNext</c> is OnPostAsync of the enclosing class.
    /// </summary>
    private static (string Type, string Method) SourceOf(MetadataReader metadata, MethodDefinition method)
    {
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        var names = new List<string> { metadata.GetString(method.Name) };
        while (metadata.GetString(type.Name).StartsWith('<') && !type.GetDeclaringType().IsNil)
        {
            names.Add(metadata.GetString(type.Name));
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }
        var source = names.Select(name => SourceName().Match(name)).FirstOrDefault(match => match.Success)
            ?.Groups[1].Value ?? names[0];
        return (metadata.GetString(type.Name), source);
    }

    private static (string, string)? CalleeOf(MetadataReader metadata, int token)
    {
        var handle = (token >> 24) is 0x06 or 0x0A or 0x2B && (token & 0xFFFFFF) is var row and > 0
            && row <= metadata.GetTableRowCount((TableIndex)(token >> 24))
            ? MetadataTokens.EntityHandle(token)
            : default;
        if (handle.IsNil)
            return null;
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind == HandleKind.MethodDefinition)
        {
            var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
            return (metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name),
                metadata.GetString(method.Name));
        }
        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? (metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name),
                metadata.GetString(member.Name))
            : null;
    }

    [GeneratedRegex("^<+([A-Za-z]+)>")]
    private static partial Regex SourceName();
}
